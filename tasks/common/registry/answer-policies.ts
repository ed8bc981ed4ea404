import { pipeline, Readable, Transform } from 'node:stream';
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { TaskError } from '../task/outcome.ts';
import { largestManifest } from './read-chart-manifest.ts';

/**
 * Refuses a web page: a registry answers with JSON and blobs, so something in between wrote it, such as the sign-in
 * page of a network. Only an overloaded front end answers with a page as well, which is worth another try.
 * @throws TaskError for a page with a status below 500.
 */
export function refuseWebPage({ status, headers, readableStreamBody: body }: PipelineResponse, host: string): void {
  if (status >= 500 || !/^text\/html\b/i.test(headers.get('content-type') ?? '')) return;
  // Unread, it would keep the step from ending.
  if (body instanceof Readable) body.destroy();
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

/** The SDK refuses a manifest that is too large, but reads it to its end, however far that is, and keeps it all. */
export const manifestSizePolicy: PipelinePolicy = {
  name: 'manifestSize',
  async sendRequest(request, next) {
    const response = await next(request);
    const body = response.readableStreamBody;
    if (body instanceof Readable && new URL(request.url).pathname.includes('/manifests/')) {
      // Whoever reads the limited stream gets its errors.
      response.readableStreamBody = pipeline(body, limited(), () => undefined);
    }
    return response;
  },
};

function limited(): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= largestManifest) return done(null, chunk);
      done(new TaskError('The registry sent a manifest of more than 4 MiB; that of a chart has about 1 kB.'));
    },
  });
}
