import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import type { ContainerRegistryContentClient } from '@azure/container-registry';
import { TaskError } from '../task/outcome.ts';
import { checkedContent } from './checked-content.ts';
import { brokeOff } from './connection-problem.ts';
import type { Descriptor } from './descriptor.ts';
import type { BlobSizes } from './missing-headers.ts';
import { explainRegistryError, type RegistryAction } from './registry-error.ts';

export interface FoundManifest {
  readonly digest: string;
  readonly bytes: Buffer;
}

const attempts = 3;
const pauseMs = 800;

/** One repository of a registry. Every method throws a TaskError that says what to change in Azure. */
export class ChartRepository {
  readonly #client: ContainerRegistryContentClient;
  readonly #about: Omit<RegistryAction, 'action'>;
  readonly #sizes: BlobSizes;
  readonly #signal: AbortSignal;

  constructor(
    client: ContainerRegistryContentClient,
    about: Omit<RegistryAction, 'action'>,
    sizes: BlobSizes,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#about = about;
    this.#sizes = sizes;
    this.#signal = signal;
  }

  /** The manifest behind a tag or digest, or undefined when the registry has none. */
  async find(tagOrDigest: string, action: 'pull' | 'push'): Promise<FoundManifest | undefined> {
    try {
      const { digest, content } = await this.#whole(() => this.#client.getManifest(tagOrDigest));
      return { digest, bytes: content };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw this.#explained(error, action);
    }
  }

  /**
   * Uploads a blob. A broken connection may leave a chunk twice in the registry's upload, which shows in the digest;
   * the upload then starts over.
   * @param open gives the content from its start at each call.
   */
  async upload(expected: Descriptor, open: () => Readable): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { digest } = await this.#client.uploadBlob(open());
        if (digest === expected.digest) return;
        throw new TaskError(
          `The file changed while it was uploaded: ${expected.digest} became ${digest}. Run the step again.`,
        );
      } catch (error) {
        if (attempt === attempts || !isSpoiltUpload(error)) throw this.#explained(error, 'push');
      }
    }
  }

  /** Puts a manifest under a tag; from here on the push is visible. Returns its digest. */
  async putManifest(manifest: Buffer, tag: string): Promise<string> {
    try {
      const { digest } = await this.#client.setManifest(manifest, { tag });
      return digest;
    } catch (error) {
      throw this.#explained(error, 'push');
    }
  }

  /** Writes a blob to a new file, checking size and digest on the way. The file is not to be trusted before the end. */
  async download(wanted: Descriptor, file: string): Promise<void> {
    this.#sizes.set(wanted.digest, wanted.size);
    try {
      await this.#whole(async () => {
        const { content } = await this.#client.downloadBlob(wanted.digest);
        // The SDK throws what it finds wrong with the digest out of an event handler, where nothing can catch it.
        Reflect.set(content, 'onEnd', undefined);
        const target = createWriteStream(file, { mode: 0o600 });
        await pipeline(Readable.from(content), checkedContent(wanted), target, { signal: this.#signal });
      });
    } catch (error) {
      throw this.#explained(error, 'pull');
    }
  }

  /** Asks again when an answer broke off; the SDK itself does so only until it has the headers. */
  async #whole<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        if (attempt === attempts || this.#signal.aborted || !brokeOff(error)) throw error;
      }
      await setTimeout(pauseMs * attempt, undefined, { signal: this.#signal });
    }
  }

  #explained(error: unknown, action: 'pull' | 'push'): unknown {
    return this.#signal.aborted ? this.#signal.reason : explainRegistryError(error, { ...this.#about, action });
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

function isSpoiltUpload(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'DigestMismatchError' ||
    /DIGEST_INVALID|BLOB_UPLOAD|RANGE_INVALID/.test(error.message) ||
    statusOf(error) === 416
  );
}
