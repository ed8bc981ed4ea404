import type { Exchange } from '../network/exchange.ts';
import type { ContentStore, Repository } from './content-store.ts';
import { digestInvalid, RegistryError } from './registry-error.ts';
import type { Upload } from './upload.ts';

/** The upload half of the distribution API: `/v2/<name>/blobs/uploads/`. */
export class Uploads {
  readonly #store: ContentStore;
  readonly #isAbsolute: () => boolean;

  /** `isAbsolute` tells whether locations are whole URLs. */
  constructor(store: ContentStore, isAbsolute: () => boolean) {
    this.#store = store;
    this.#isAbsolute = isAbsolute;
  }

  /** `POST`: begins an upload, and ends it too if it names a digest and brings the bytes. */
  async begin(exchange: Exchange, repository: Repository): Promise<void> {
    const upload = await this.#store.startUpload(repository);
    if (exchange.query.has('digest')) return this.#finish(exchange, repository, upload);
    await exchange.send(202, this.#state(exchange, repository, upload));
  }

  /** `GET`, `PATCH`, `PUT` and `DELETE` of an upload by its id. */
  async serve(exchange: Exchange, repository: Repository, id: string): Promise<void> {
    const upload = repository.uploads.get(id);
    if (upload === undefined) throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
    switch (exchange.method) {
      case 'PATCH':
        checkPosition(exchange, upload);
        await upload.append(exchange.request);
        return exchange.send(202, this.#state(exchange, repository, upload));
      case 'PUT':
        checkPosition(exchange, upload);
        return this.#finish(exchange, repository, upload);
      case 'DELETE':
        repository.uploads.delete(id);
        await upload.discard();
        return exchange.send(204, {});
      default:
        return exchange.send(204, this.#state(exchange, repository, upload));
    }
  }

  async #finish(exchange: Exchange, repository: Repository, upload: Upload): Promise<void> {
    const digest = exchange.query.get('digest');
    await upload.append(exchange.request);
    if (upload.digest !== digest) {
      repository.uploads.delete(upload.id);
      await upload.discard();
      throw digestInvalid(digest);
    }
    await this.#store.finishUpload(repository, upload);
    const location = this.#location(exchange, `/v2/${repository.name}/blobs/${digest}`);
    await exchange.send(201, { Location: location, 'Docker-Content-Digest': digest });
  }

  #state(exchange: Exchange, { name }: Repository, { id, size }: Upload): Record<string, string> {
    const path = `/v2/${name}/blobs/uploads/${id}?_nouploadcache=false&_state=${encodeState(id, size)}`;
    const range = `0-${Math.max(size - 1, 0)}`;
    return { Location: this.#location(exchange, path), Range: range, 'Docker-Upload-Uuid': id };
  }

  #location({ url }: Exchange, path: string): string {
    return this.#isAbsolute() ? `${url.origin}${path}` : path;
  }
}

/** The next chunk must go to the location of the last answer and begin where the last one ended. */
function checkPosition(exchange: Exchange, upload: Upload): void {
  if (exchange.query.get('_state') !== encodeState(upload.id, upload.size)) {
    throw new RegistryError(416, 'RANGE_INVALID', 'invalid content range');
  }
  const start = /^(?:bytes[ =])?(\d+)-/.exec(exchange.header('content-range') ?? '')?.[1];
  if (start !== undefined && Number(start) !== upload.size) {
    throw new RegistryError(416, 'RANGE_INVALID', 'invalid content range');
  }
}

function encodeState(id: string, offset: number): string {
  return Buffer.from(JSON.stringify({ UUID: id, Offset: offset })).toString('base64url');
}
