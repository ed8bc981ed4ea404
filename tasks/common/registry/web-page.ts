import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { TaskError } from '../task/errors.ts';

/**
 * Refuses a web page: a registry answers with JSON and blobs, so something in between wrote it, such as the sign-in
 * page of a network. Only an overloaded front end answers with a page as well, which is worth another try.
 * @throws TaskError for a page with a status below 500.
 */
export function refuseWebPage({ status, headers }: PipelineResponse, host: string): void {
  if (status >= 500 || !/^text\/html\b/i.test(headers.get('content-type') ?? '')) return;
  throw new TaskError(
    `A web page came instead of an answer of ${host} (HTTP ${status}, text/html): a proxy or a sign-in page of the ` +
      `network stands between this agent and the registry. Let the agent reach ${host} through it.`,
  );
}

/** The same for every request of an Azure SDK client. */
export const webPagePolicy: PipelinePolicy = {
  name: 'webPage',
  async sendRequest(request, next) {
    const response = await next(request);
    refuseWebPage(response, new URL(request.url).host);
    return response;
  },
};
