import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { type PipelineRequest, type PipelineResponse, RestError, type SendRequest } from '@azure/core-rest-pipeline';
import type { Log } from '../task/log.ts';
import { TaskError } from '../task/outcome.ts';
import type { Patience } from './patience.ts';

/** A body with more bytes goes out in pieces, so that it is seen to go on. */
const pieceBytes = 64 * 1024;

/**
 * Sends a request and leaves its body to be read as it comes, whatever the status: the SDK's client would read it to its
 * end, however far that is. No answer in time counts as a broken connection, which is retried as long as there is
 * patience; a large body may take its time as long as the host takes it. The time limit is not left to the SDK's client:
 * its timer outlives a broken connection, and the step would not end before it fires.
 * @throws RestError (ETIMEDOUT), which is worth another try, or SilentHost
 */
export async function answerWithin(
  patience: Patience,
  request: PipelineRequest,
  next: SendRequest,
  cancel: AbortSignal,
): Promise<PipelineResponse> {
  const given = request.abortSignal instanceof AbortSignal ? request.abortSignal : cancel;
  const { streamResponseStatusCodes: wanted, body } = request;
  const large = Buffer.isBuffer(body) && body.length > pieceBytes ? body : undefined;
  const limit = new AbortController();
  const limitMs = large === undefined ? patience.nextMs() : patience.leftMs;
  const timer = setTimeout(() => limit.abort(), limitMs);
  request.abortSignal = AbortSignal.any([given, cancel, limit.signal]);
  // Infinity stands for every status.
  request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
  if (large !== undefined) {
    request.headers.set('content-length', String(large.length));
    request.body = () => Readable.from(piecesOf(large, () => void timer.refresh()));
  }
  try {
    return await next(request);
  } catch (error) {
    if (limit.signal.aborted && !given.aborted && !cancel.aborted) throw patience.ranOut(limitMs, request);
    throw error;
  } finally {
    clearTimeout(timer);
    request.abortSignal = given;
    request.streamResponseStatusCodes = wanted ?? new Set();
    if (large !== undefined) request.body = large;
  }
}

/** Each piece is asked for when the connection has taken the one before. */
function* piecesOf(bytes: Buffer, goesOn: () => void): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    goesOn();
    yield bytes.subarray(start, start + pieceBytes);
  }
}

/** How long a body may take that is read as it comes, even if it goes on all the time. */
const streamedMs = 1_800_000;

/**
 * The time limit of an answer ends with the headers; a body that comes later must neither stall for ever nor come in drops.
 * Whoever reads it gets SilentHost or RestError, which is worth another try, or TaskError.
 */
export function watchBody(
  { readableStreamBody: body, request }: PipelineResponse,
  patience: Patience,
  mostMs = streamedMs,
): void {
  if (!(body instanceof IncomingMessage)) return;
  const limitMs = patience.nextMs();
  body.setTimeout(limitMs, () => body.destroy(patience.ranOut(limitMs, request)));
  const late = setTimeout(() => body.destroy(endless(request, mostMs)), mostMs).unref();
  body.once('close', () => clearTimeout(late));
}

function endless({ url }: PipelineRequest, mostMs: number): TaskError {
  return new TaskError(
    `${new URL(url).host} did not end its answer within ${mostMs / 60_000} minutes: check the network of this agent, or run ` +
      'the step again later.',
  );
}

/** How long a body may take that is read whole, even if it goes on all the time. */
const wholeMs = 600_000;

/**
 * The whole body of an answer, which is kept in memory: bytes as they come out of a compressed answer count, too.
 * @throws TaskError when it has more bytes than allowed, or comes in drops; SilentHost
 * @throws RestError (ECONNRESET, ETIMEDOUT), which is worth another try, when it breaks off or stalls
 */
export async function readWhole(
  body: Readable,
  most: number,
  request: PipelineRequest,
  patience: Patience,
): Promise<Buffer> {
  const { host } = new URL(request.url);
  const chunks: Buffer[] = [];
  let size = 0;
  let reason: Error = new RestError(`the answer of ${host} broke off`, { code: 'ECONNRESET', request });
  const stop = (error: Error): unknown => body.destroy((reason = error));
  const limitMs = patience.nextMs();
  const stalled = setTimeout(() => stop(patience.ranOut(limitMs, request)), limitMs);
  const late = setTimeout(() => stop(endless(request, wholeMs)), wholeMs);
  try {
    for await (const chunk of body) {
      stalled.refresh();
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > most) break;
      chunks.push(bytes);
    }
  } catch {
    throw reason;
  } finally {
    clearTimeout(stalled);
    clearTimeout(late);
    body.destroy();
  }
  if (size > most) throw new TaskError(`${host} sent an answer of more than the allowed ${most} bytes.`);
  return Buffer.concat(chunks);
}

/**
 * Tells of a wait that a busy server asks for.
 * @throws TaskError when that is longer than there is patience
 */
export function watchRetryAfter(response: PipelineResponse, patience: Patience, log: Pick<Log, 'info'>): void {
  if (response.status !== 429 && response.status !== 503) return;
  const seconds = secondsToWait(response.headers);
  const { host } = new URL(response.request.url);
  if (seconds > 0 && !patience.grants(seconds * 1000)) {
    throw new TaskError(
      `${host} is overloaded (HTTP ${response.status}) and asks to come back in ${Math.ceil(seconds)} s; ` +
        'run the step again later, or start fewer pipelines at once.',
    );
  }
  if (seconds >= 1) log.info(`${host} answers HTTP ${response.status}; waiting ${Math.ceil(seconds)} s.`);
}

/** In each form that the SDK's retries obey, and in their order. NaN when none is given. */
export function secondsToWait(headers: PipelineResponse['headers']): number {
  const milliseconds = headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Number(milliseconds) / 1000;
  const given = headers.get('retry-after') ?? '';
  if (given !== '' && Number.isFinite(Number(given))) return Number(given);
  return (Date.parse(given) - Date.now()) / 1000;
}

/** Whether a server refused for now and did nothing: HTTP 429, or 503 with a time to come back. */
export function isBusy({ status, headers }: Pick<PipelineResponse, 'status' | 'headers'>): boolean {
  return status === 429 || (status === 503 && !Number.isNaN(secondsToWait(headers)));
}
