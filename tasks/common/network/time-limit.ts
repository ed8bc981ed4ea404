import { IncomingMessage } from 'node:http';
import { RestError, type PipelineRequest, type PipelineResponse, type SendRequest } from '@azure/core-rest-pipeline';

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
