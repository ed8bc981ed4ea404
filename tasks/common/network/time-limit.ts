import { IncomingMessage } from 'node:http';
import { RestError, type PipelineRequest, type PipelineResponse, type SendRequest } from '@azure/core-rest-pipeline';

/** A body of which nothing comes for so long has stalled. */
const stallMs = 60_000;

/**
 * A request that got no answer in time counts as a broken connection, which is retried. The time limit is not left to
 * the SDK's client: its timer outlives a broken connection, and the step would not end before it fires.
 */
export async function answerWithin(
  limitMs: number,
  request: PipelineRequest,
  next: SendRequest,
  cancel: AbortSignal,
): Promise<PipelineResponse> {
  const given = request.abortSignal instanceof AbortSignal ? request.abortSignal : cancel;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  request.abortSignal = AbortSignal.any([given, cancel, limit.signal]);
  try {
    return await next(request);
  } catch (error) {
    const { host } = new URL(request.url);
    if (limit.signal.aborted && !given.aborted && !cancel.aborted) {
      throw new RestError(`${host} did not answer within ${limitMs / 1000} s`, { code: 'ETIMEDOUT', request });
    }
    // The SDK counts an answer that broke off as one it cannot read, and would not ask again.
    if (error instanceof RestError && error.code === RestError.PARSE_ERROR) {
      throw new RestError(`the answer of ${host} broke off`, { code: 'ECONNRESET', request });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    request.abortSignal = given;
  }
}

/** The time limit ends with the headers; a body that comes later must not stall for ever. */
export function watchBody({ readableStreamBody: body }: PipelineResponse): void {
  if (!(body instanceof IncomingMessage)) return;
  body.setTimeout(stallMs, () => body.destroy(new Error(`nothing came for ${stallMs / 1000} s`)));
}
