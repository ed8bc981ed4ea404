import { type PipelinePolicy, type PipelineResponse, redirectPolicyName } from '@azure/core-rest-pipeline';

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
