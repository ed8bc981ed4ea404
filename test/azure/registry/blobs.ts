import type { Exchange } from '../network/exchange.ts';
import type { ContentStore, Repository } from './content-store.ts';
import { sendFile } from './byte-range.ts';
import { blobUnknown } from './registry-error.ts';

/** Makes a link to a blob's bytes on the data host. */
export type LinkToBlob = (digest: string, path: string) => string;

/** `HEAD`, `GET` and `DELETE /v2/<name>/blobs/<digest>`; with `link`, a GET is redirected to the data host. */
export async function serveBlob(
  exchange: Exchange,
  store: ContentStore,
  repository: Repository,
  digest: string,
  link: LinkToBlob | undefined,
): Promise<void> {
  const size = repository.blobs.get(digest);
  if (size === undefined) throw blobUnknown(digest);
  const headers = { 'Docker-Content-Digest': digest, Etag: `"${digest}"` };
  switch (exchange.method) {
    case 'DELETE':
      repository.blobs.delete(digest);
      return exchange.send(202, headers);
    case 'HEAD':
      return exchange.send(200, { ...headers, 'Content-Type': 'application/octet-stream', 'Content-Length': size });
    default: {
      const path = store.blobPath(digest);
      if (link === undefined) return sendFile(exchange, path, headers);
      return exchange.send(307, { ...headers, Location: link(digest, path) });
    }
  }
}
