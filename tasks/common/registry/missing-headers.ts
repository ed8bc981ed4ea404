import { createHash } from 'node:crypto';
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

/** Sizes of the blobs that are about to be downloaded, by digest. */
export type BlobSizes = Map<string, number>;

/**
 * Adds headers that the SDK insists on, where they are missing: a proxy that inspects traffic may turn a blob's length
 * into chunks, and the distribution specification leaves the digest of an answer to a PUT to the registry's will. Both
 * are known here; contents are checked against their digests in any case.
 */
export function missingHeadersPolicy(sizes: BlobSizes): PipelinePolicy {
  // A redirect changes the request's address, but it stays the same request.
  const wanted = new WeakMap<PipelineRequest, number>();
  return {
    name: 'missingHeaders',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      const size = sizes.get(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''));
      if (request.method === 'GET' && size !== undefined) wanted.set(request, size);
      const response = await next(request);
      const length = wanted.get(request);
      if (length !== undefined && response.status === 200) setIfMissing(response, 'content-length', String(length));
      const digest = request.method === 'PUT' && response.status === 201 ? digestOfPut(request, url) : undefined;
      if (digest !== undefined) setIfMissing(response, 'docker-content-digest', digest);
      return response;
    },
  };
}

function digestOfPut(request: PipelineRequest, url: URL): string | undefined {
  const { body } = request;
  if (url.pathname.includes('/manifests/') && Buffer.isBuffer(body)) {
    return `sha256:${createHash('sha256').update(body).digest('hex')}`;
  }
  return url.searchParams.get('digest') ?? undefined;
}

function setIfMissing({ headers }: PipelineResponse, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}
