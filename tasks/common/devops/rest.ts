import { setTimeout as pause } from 'node:timers/promises';
import { explainUntrusted, type HttpAnswer, httpSender, isBusy, secondsToWait, type Sender } from '../network/index.ts';
import { isMapping } from '../go/mapping.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { collectionUri, type DevOpsContext } from './this-run.ts';

export type Values = Readonly<Record<string, unknown>>;

/** What Azure DevOps answered. */
export interface DevOpsAnswer {
  readonly status: number;
  /** The parsed body; undefined where there is none, or it is no JSON. */
  readonly value: unknown;
  /** Where a list goes on, by its header. */
  readonly continuation: string | undefined;
}

/** Azure DevOps did not do what it was asked, or did not answer. */
export class DevOpsRefusal extends Error {
  override readonly name = 'DevOpsRefusal';
  constructor(
    /** Undefined when the connection broke: whether the request was carried out is not known. */
    readonly status: number | undefined,
    /** The server's own words. */
    readonly said: string,
    /** Its name for the error, such as `EnvironmentExistsException`. */
    readonly typeKey = '',
  ) {
    super(status === undefined ? said : `HTTP ${status}: ${said}`);
  }

  /** Whether it came from an Azure DevOps Server that lacks the version of the API that it was asked in. */
  get isOfOldServer(): boolean {
    return /is out of range for this server/i.test(this.said);
  }
}

export interface DevOpsRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the organisation's address on, such as `delivery/_apis/pipelines/environments?api-version=7.1`; or a whole address. */
  readonly address: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether it changes nothing, so that it may be sent again when its answer was lost. Default: of GET. */
  readonly isRead?: boolean;
}

/** @throws DevOpsRefusal for every status but 200 to 204, and for a page instead of data; TaskError for what the network's rules refuse. */
export type AskDevOps = (request: DevOpsRequest) => Promise<DevOpsAnswer>;

/** A list may tell of a thousand environments and their checks. */
const mostBytes = 32 * 1024 * 1024;

/** How often a request is sent at most: to a server that is busy, or after a broken connection where it only reads. */
const mostTries = 5;

/** Asks the organisation's REST API. @param token gives the bearer token of a request */
export function devOpsRest(context: DevOpsContext, token: () => string | Promise<string>): AskDevOps {
  const organisation = collectionUri(context);
  const send = patiently(httpSender(context, 'never'), context.signal);
  return async ({ method, address, body, isRead = method === 'GET' }) => {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${await token()}`,
      // Without it a token that is no longer valid is answered by a redirect to the sign-in page.
      'x-tfs-fedauthredirect': 'Suppress',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const url = /^https?:/i.test(address) ? address : organisation + address;
    const sent = {
      method,
      url,
      headers,
      mostBytes,
      allowHttp: true,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    return read(await send(sent, isRead));
  };
}

type PatientSender = (request: Parameters<Sender>[0], isRead: boolean) => Promise<HttpAnswer>;

/** A busy server has done nothing yet, so it may be asked again whatever the request; after other trouble only what reads may. */
function patiently(send: Sender, signal: AbortSignal): PatientSender {
  return async (request, isRead) => {
    for (let tried = 1; ; tried += 1) {
      const waitMs = 500 * 2 ** tried;
      try {
        const answer = await send(request);
        if (tried === mostTries || !(isBusy(answer) || (isRead && answer.status >= 500))) return answer;
        const wanted = secondsToWait(answer.headers) * 1000;
        await pause(wanted >= 0 ? wanted : waitMs, undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof TaskError) throw error;
        // Nothing was sent, and no second try makes it trusted.
        const untrusted = explainUntrusted(error, new URL(request.url).host);
        if (untrusted !== undefined) throw new TaskError(untrusted);
        if (!isRead || tried === mostTries) throw new DevOpsRefusal(undefined, messageOf(error));
        await pause(waitMs, undefined, { signal });
      }
    }
  };
}

function read({ status, headers, bytes }: HttpAnswer): DevOpsAnswer {
  const value = parsed(bytes.toString('utf8'));
  if (status >= 200 && status <= 204 && (value !== undefined || bytes.length === 0)) {
    return { status, value, continuation: headers.get('x-ms-continuationtoken') };
  }
  const { message, typeKey } = isMapping(value) ? value : {};
  const said = typeof message === 'string' ? message : value === undefined ? 'a page instead of data' : 'no message';
  throw new DevOpsRefusal(status, said, typeof typeKey === 'string' ? typeKey : '');
}

function parsed(text: string): unknown {
  try {
    // A byte order mark is no part of JSON, and no reason not to read it either.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** The items of an answer `{ count, value: [...] }`. @throws DevOpsRefusal for one without a list, which says not that there are none */
export function valuesOf(answer: unknown): readonly Values[] {
  const value = isMapping(answer) ? answer['value'] : undefined;
  if (!Array.isArray(value)) throw new DevOpsRefusal(200, 'an answer without a list');
  return listOf(value);
}

/** The mappings in a list; none where it is no list. */
export const listOf = (value: unknown): readonly Values[] => (Array.isArray(value) ? value.filter(isMapping) : []);
