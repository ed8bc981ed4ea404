import { type HttpAnswer, isBusy } from '../../network/index.ts';
import { isMapping } from '../../go/mapping.ts';
import { TaskError } from '../../task/outcome.ts';
import { visible } from '../../text/shown.ts';

/** An answer of a registry, or of something before it, that is none of those asked for. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly body: string,
    /** Whether the sign-in itself was refused, or what was to be done. */
    readonly at: 'sign-in' | 'action',
    readonly host: string,
    /** Whether it was only too busy, and has been asked again as often as is sensible. */
    readonly busy = false,
  ) {
    super(`HTTP ${status} from ${host}`);
  }
}

/**
 * The one check of what a registry answers.
 * @throws TaskError for a web page: a registry answers with JSON and blobs, so something in between wrote it, such as the
 * sign-in page of a network. Only an overloaded front end answers with a page as well.
 * @throws Refusal for every status that is not accepted
 */
export function checkedAnswer(
  answer: HttpAnswer,
  host: string,
  accepted: readonly number[],
  at: Refusal['at'] = 'action',
): HttpAnswer {
  const { status, headers, bytes } = answer;
  if (status < 500 && /^text\/html\b/i.test(headers.get('content-type') ?? '')) {
    answer.stream?.destroy();
    throw new TaskError(
      `A web page came instead of an answer of ${host} (HTTP ${status}, text/html): a proxy or a sign-in page of the ` +
        `network stands between this agent and the registry. Let the agent reach ${host} through it.`,
    );
  }
  if (accepted.includes(status)) return answer;
  answer.stream?.destroy();
  throw new Refusal(status, bytes.toString('utf8'), at, host, isBusy(answer));
}

/**
 * Compares digests: what the registry says of a content is compared with what we computed, never used.
 * @throws TaskError when it names another digest, or sent other bytes than wanted
 */
export function checkDigest({ headers }: HttpAnswer, loginServer: string, wanted: string, computed: string): void {
  const said = headers.get('docker-content-digest') ?? computed;
  if (computed === wanted && said === computed) return;
  throw new TaskError(
    `${loginServer} sent content that does not have the digest it should have ` +
      `(${computed === wanted ? `it says ${visible(said, 100)}` : computed} instead of ${wanted}); nothing of it was used.`,
  );
}

/** Whether no answer came, or it broke off, rather than a refusal or a fault of our own. */
export function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TaskError) return false;
  if (error.name === 'AbortError' || error.message.startsWith('nothing came')) return true;
  return 'code' in error && /^(ECONN|ETIMEDOUT|EPIPE|ERR_STREAM_PREMATURE_CLOSE|REQUEST_SEND)/.test(String(error.code));
}

/** What an upload in pieces may end in after a broken connection, and what another try may mend. */
export function isSpoiltUpload(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  const { status, body, busy } = error;
  if (busy) return false;
  return status === 416 || status >= 500 || /DIGEST_INVALID|BLOB_UPLOAD|RANGE_INVALID/.test(body);
}

/** One error of the distribution specification's error body. */
interface RegistryFault {
  readonly code: string;
  readonly message: string;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A text field of a registry's JSON answer; undefined when the answer has none. */
export function answerField(body: string, field: string): string | undefined {
  const answer = parsed(body);
  if (!isMapping(answer)) return undefined;
  const value = answer[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The first entry of `{"errors":[{"code","message"}]}`, shortened; undefined for any other body. */
export function faultIn(body: string): RegistryFault | undefined {
  const answer = parsed(body);
  if (!isMapping(answer)) return undefined;
  const first: unknown = Array.isArray(answer['errors']) ? answer['errors'][0] : undefined;
  if (!isMapping(first)) return undefined;
  const code = typeof first['code'] === 'string' ? first['code'] : '';
  const message = typeof first['message'] === 'string' ? first['message'] : '';
  return { code: visible(code, 60), message: visible(message, 400) };
}

/**
 * How long a token that is a JSON web token lives, in ms from now; undefined for any other. By both of its times where it
 * has them, since the agent's clock may be wrong.
 */
export function lifeOf(token: string): number | undefined {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const [ends, begun] = ['exp', 'iat'].map((claim) => new RegExp(`"${claim}"\\s*:\\s*"?(\\d{1,12})`).exec(claims)?.[1]);
  if (ends === undefined) return undefined;
  return Number(ends) * 1000 - (begun === undefined ? Date.now() : Number(begun) * 1000);
}
