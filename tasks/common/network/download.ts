import { Readable } from 'node:stream';
import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  decompressResponsePolicyName,
  type HttpHeaders,
  type PipelinePolicy,
  type PipelineResponse,
  redirectPolicyName,
} from '@azure/core-rest-pipeline';
import { commonOptions, senderOf, sharePatience, type NetworkContext } from './http.ts';
import type { Patience } from './patience.ts';

/** How patient a download is with a server that is slow to answer. */
export interface DownloadPatience {
  /** How long a server may say nothing in the first try, in ms; four times that in all tries. */
  readonly answerMs: number;
  /** How often a request is sent again after a broken connection, 429 or 5xx. */
  readonly retries: number;
  /** The first wait before that, in ms; it doubles. */
  readonly pauseMs: number;
}

export interface DownloadAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The bytes as they come, of an answer with status 200. */
  readonly body: Readable | undefined;
}

/** Asks for a file. @param patience shared by several attempts at the same file; without it each has its own */
export type Downloader = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  patience?: Patience,
) => Promise<DownloadAnswer>;

/**
 * Asks for files by the step's rules. Follows redirects to other hosts, as download hosts use them, without the sign-in,
 * but never from https to http; asks for the bytes as they are, without a content encoding; reads nothing of a refusal but its headers.
 */
export function downloader(context: NetworkContext, patience: DownloadPatience): Downloader {
  const pipeline = createPipelineFromOptions({
    ...commonOptions,
    retryOptions: { ...commonOptions.retryOptions, maxRetries: patience.retries, retryDelayInMs: patience.pauseMs },
  });
  pipeline.removePolicy({ name: decompressResponsePolicyName });
  pipeline.removePolicy({ name: redirects.name });
  pipeline.addPolicy(redirects, { afterPhase: 'Retry' });
  pipeline.addPolicy(streamingPolicy, { afterPhase: 'Retry' });
  const send = senderOf(pipeline, context, { firstMs: patience.answerMs, totalMs: 4 * patience.answerMs });
  return async (url, headers, shared) => {
    const request = createPipelineRequest({ url: url.href, headers: createHttpHeaders({ ...headers }) });
    if (shared !== undefined) sharePatience(request, shared);
    const { status, headers: answered, readableStreamBody: body } = await send(request);
    return { status, headers: answered, body: status === 200 && body instanceof Readable ? body : undefined };
  };
}

const streamingPolicy: PipelinePolicy = {
  name: 'streaming',
  async sendRequest(request, next) {
    // Infinity stands for every status: without it the body of an error would be read to its end, however long.
    request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
    const response = await next(request);
    if (response.status !== 200 && response.readableStreamBody instanceof Readable) {
      response.readableStreamBody.on('error', () => undefined).destroy();
    }
    return response;
  },
};

/** The statuses that send a client elsewhere (RFC 9110, section 15.4). */
const elsewhere = new Set([301, 302, 303, 307, 308]);
const most = 5;

/**
 * Follows redirects of requests that carry no body, five at most. What proves who asks goes along to the same origin, where
 * mirrors redirect from one path to another, and is lost for good on the way to another one. The SDK's policy, which this
 * one replaces, loses it always, takes bodies along and does not know 308.
 */
export const redirects: PipelinePolicy = {
  name: redirectPolicyName,
  async sendRequest(request, next) {
    let response: PipelineResponse = await next(request);
    for (let followed = 0; followed < most; followed += 1) {
      const location = response.headers.get('location');
      const isBare = request.method === 'GET' || request.method === 'HEAD';
      if (!elsewhere.has(response.status) || !isBare || !location || !URL.canParse(location, request.url)) break;
      const [from, to] = [new URL(request.url), new URL(location, request.url)];
      if (to.origin !== from.origin) request.headers.delete('authorization');
      request.url = to.href;
      response = await next(request);
    }
    return response;
  },
};
