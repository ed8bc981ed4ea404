import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type PipelineRequest, type PipelineResponse, RestError, type SendRequest } from '@azure/core-rest-pipeline';
import type { Log } from '../task/log.ts';
import { TaskError } from '../task/outcome.ts';

/** A body of which nothing comes for so long has stalled. */
const stallMs = 60_000;

/**
 * Sends a request and leaves its body to be read as it comes, whatever the status: the SDK's client would read it to its
 * end, however far that is. No answer in time counts as a broken connection, which is retried. The time limit is not
 * left to the SDK's client: its timer outlives a broken connection, and the step would not end before it fires.
 */
export async function answerWithin(
  limitMs: number,
  request: PipelineRequest,
  next: SendRequest,
  cancel: AbortSignal,
): Promise<PipelineResponse> {
  const given = request.abortSignal instanceof AbortSignal ? request.abortSignal : cancel;
  const wanted = request.streamResponseStatusCodes;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  request.abortSignal = AbortSignal.any([given, cancel, limit.signal]);
  // Infinity stands for every status.
  request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
  try {
    return await next(request);
  } catch (error) {
    const { host } = new URL(request.url);
    if (limit.signal.aborted && !given.aborted && !cancel.aborted) {
      throw new RestError(`${host} did not answer within ${limitMs / 1000} s`, { code: 'ETIMEDOUT', request });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    request.abortSignal = given;
    request.streamResponseStatusCodes = wanted ?? new Set();
  }
}

/** The time limit ends with the headers; a body that comes later must not stall for ever. */
export function watchBody({ readableStreamBody: body }: PipelineResponse): void {
  if (!(body instanceof IncomingMessage)) return;
  body.setTimeout(stallMs, () => body.destroy(new Error(`nothing came for ${stallMs / 1000} s`)));
}

/** How long a body may take that is read whole. */
const wholeMs = 120_000;

/**
 * The whole body of an answer, which is kept in memory: bytes as they come out of a compressed answer count, too.
 * @throws TaskError when it has more bytes than allowed
 * @throws RestError (ECONNRESET), which is worth another try, when it breaks off or does not end
 */
export async function readWhole(body: Readable, host: string, most: number, request: PipelineRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => body.destroy(new Error(`it took longer than ${wholeMs / 1000} s`)), wholeMs);
  try {
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > most) break;
      chunks.push(bytes);
    }
  } catch {
    throw new RestError(`the answer of ${host} broke off`, { code: 'ECONNRESET', request });
  } finally {
    clearTimeout(late);
    body.destroy();
  }
  if (size > most) throw new TaskError(`${host} sent an answer of more than the allowed ${most} bytes.`);
  return Buffer.concat(chunks);
}

/** Seconds that a server may ask us to wait before we rather give up. */
const longestWaitS = 120;

/** Tells of a wait that a busy server asks for. @throws TaskError when it is longer than two minutes */
export function watchRetryAfter(response: PipelineResponse, host: string, log: Pick<Log, 'info'>): void {
  if (response.status !== 429 && response.status !== 503) return;
  const seconds = secondsToWait(response.headers);
  if (seconds > longestWaitS) {
    throw new TaskError(
      `${host} is overloaded (HTTP ${response.status}) and asks to come back in ${Math.ceil(seconds)} s; ` +
        'run the step again later, or start fewer pipelines at once.',
    );
  }
  if (seconds >= 1) log.info(`${host} answers HTTP ${response.status}; waiting ${Math.ceil(seconds)} s.`);
}

/** In each form that the SDK's retries obey, and in their order. NaN when none is given. */
function secondsToWait(headers: PipelineResponse['headers']): number {
  const milliseconds = headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Number(milliseconds) / 1000;
  const given = headers.get('retry-after') ?? '';
  if (given !== '' && Number.isFinite(Number(given))) return Number(given);
  return (Date.parse(given) - Date.now()) / 1000;
}
