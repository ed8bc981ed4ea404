import type { Exchange } from '../network/exchange.ts';
import { digestOf, putManifest, resolveManifest, type Repository } from './content-store.ts';
import { digestInvalid, manifestUnknown, RegistryError, repositoryUnknown } from './registry-error.ts';

const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** `HEAD`, `GET`, `PUT` and `DELETE /v2/<name>/manifests/<reference>`. */
export function serveManifest(exchange: Exchange, repository: Repository, reference: string): Promise<void> {
  switch (exchange.method) {
    case 'PUT':
      return put(exchange, repository, reference);
    case 'DELETE':
      return remove(exchange, repository, reference);
    default:
      return get(exchange, repository, reference);
  }
}

async function get(exchange: Exchange, repository: Repository, reference: string): Promise<void> {
  if (repository.manifests.size === 0) throw repositoryUnknown(repository.name);
  const manifest = resolveManifest(repository, reference);
  if (manifest === undefined) throw manifestUnknown(repository.name, reference);
  const { digest, mediaType, bytes } = manifest;
  // A wildcard does not count as support: a registry serves an OCI manifest only to who names its type.
  if (!(exchange.header('accept') ?? '').includes(mediaType)) {
    const text = 'OCI manifest found, but accept header does not support OCI manifests';
    throw new RegistryError(404, 'MANIFEST_UNKNOWN', text);
  }
  const headers = { 'Content-Type': mediaType, 'Docker-Content-Digest': digest, Etag: `"${digest}"` };
  await exchange.send(200, headers, bytes);
}

async function put(exchange: Exchange, repository: Repository, reference: string): Promise<void> {
  const mediaType = exchange.header('content-type') ?? '';
  if (!manifestTypes.includes(mediaType)) throw manifestInvalid(`unsupported media type '${mediaType}'`);
  const bytes = await exchange.bytes();
  const digest = digestOf(bytes);
  if (reference.includes(':') && reference !== digest) throw digestInvalid(reference);
  if (!reference.includes(':') && !/^\w[\w.-]{0,127}$/.test(reference)) {
    throw new RegistryError(400, 'TAG_INVALID', 'manifest tag did not match URI', { tag: reference });
  }
  const missing = blobsOf(bytes).find((blob) => !repository.blobs.has(blob));
  if (missing !== undefined) {
    throw new RegistryError(404, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry', { digest: missing });
  }
  putManifest(repository, reference, bytes, mediaType);
  const headers = { Location: `/v2/${repository.name}/manifests/${digest}`, 'Docker-Content-Digest': digest };
  await exchange.send(201, headers);
}

async function remove(exchange: Exchange, repository: Repository, reference: string): Promise<void> {
  if (!reference.includes(':')) throw new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported.');
  if (!repository.manifests.delete(reference)) throw manifestUnknown(repository.name, reference);
  for (const [tag, digest] of repository.tags) {
    if (digest === reference) repository.tags.delete(tag);
  }
  await exchange.send(202, {});
}

/** The digests of the blobs that a manifest needs. */
function blobsOf(bytes: Buffer): string[] {
  let manifest: { config?: { digest?: string }; layers?: { digest?: string }[] };
  try {
    manifest = JSON.parse(bytes.toString());
  } catch {
    throw manifestInvalid('not JSON');
  }
  const blobs = [manifest.config, ...(manifest.layers ?? [])];
  return blobs.flatMap((blob) => (blob?.digest === undefined ? [] : [blob.digest]));
}

function manifestInvalid(detail: string): RegistryError {
  return new RegistryError(400, 'MANIFEST_INVALID', 'manifest invalid', detail);
}
