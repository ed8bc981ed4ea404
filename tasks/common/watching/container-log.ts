import { ApiRefusal, type KubernetesClient } from '../cluster/client.ts';
import { TaskError } from '../task/outcome.ts';
import { printable, shortened } from '../text/shown.ts';
import type { LookLimits } from './look-up.ts';
import type { LogTail, SeenObject } from './view.ts';

const mostLines = 100;
/** In bytes; 100 lines of usual length have a tenth of it. The kubelet cuts at the end. */
const mostBytes = 128 * 1024;
/** In characters. */
const longestLine = 500;

/** Colours and the like, as terminals read them. */
// oxlint-disable-next-line no-control-regex -- that is what they begin with
const escapes = /\u001b\[[\d;?]*[A-Za-z]/g;

/** The end of what a container printed, fit to be shown. @throws ApiRefusal, TaskError, the signal's reason */
export async function readTail(
  client: Pick<KubernetesClient, 'text'>,
  { metadata: { namespace = '', name = '' } }: SeenObject,
  container: string,
  previous: boolean,
  limits: LookLimits,
): Promise<LogTail> {
  const query = new URLSearchParams({
    container,
    tailLines: String(mostLines),
    limitBytes: String(mostBytes),
    ...(previous && { previous: 'true' }),
  });
  const pod = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const text = await client.text(`${pod}/log?${query.toString()}`, limits);
  return { previous, lines: linesOf(text) };
}

function linesOf(told: string): string[] {
  // Not every kubelet keeps to the limit, and masking takes long where many secrets are known.
  const text = told.slice(0, mostBytes);
  if (text.trim() === '') return [];
  // Secrets are masked in the whole before it is cut anywhere; what a limit cut in two may hold half of one.
  const isCut = Buffer.byteLength(text) >= mostBytes;
  const lines = printable(text.replace(escapes, '')).trimEnd().split('\n');
  const whole = isCut && lines.length > 1 ? lines.slice(0, -1) : lines;
  return whole.slice(-mostLines).map((line) => shortened(line.trimEnd(), longestLine));
}

/** The container has not begun, or was never restarted, or its pod is gone: that is no blindness. */
export const hasNoLog = (error: unknown): boolean =>
  error instanceof ApiRefusal && (error.status === 400 || error.status === 404);

/** What a container prints may be shown to nobody. */
export class NotMasked extends TaskError {
  constructor() {
    super('What the Secrets of the release hold could not be masked in them.');
  }
}

/** The API server only hands the request on: where no answer comes it is rarely to blame. */
export function whyNoLog(error: unknown): unknown {
  if (error instanceof ApiRefusal || error instanceof NotMasked) return error;
  return new TaskError('The kubelet, or the API server, did not answer in time.');
}
