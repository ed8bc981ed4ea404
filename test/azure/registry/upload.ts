import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A blob on its way in: a file that grows chunk by chunk. */
export class Upload {
  readonly id = randomUUID();
  readonly path: string;
  #size = 0;
  #hash: Hash = createHash('sha256');

  private constructor(folder: string) {
    this.path = join(folder, this.id);
  }

  static async start(folder: string): Promise<Upload> {
    const upload = new Upload(folder);
    await writeFile(upload.path, '');
    return upload;
  }

  /** Bytes received in whole chunks. */
  get size(): number {
    return this.#size;
  }

  get digest(): string {
    return `sha256:${this.#hash.copy().digest('hex')}`;
  }

  /** Adds a chunk. If its source breaks off, the upload stays as it was before, and the error is thrown. */
  async append(source: Readable): Promise<void> {
    const hash = this.#hash.copy();
    let received = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        received += chunk.length;
        yield chunk;
      }
    };
    try {
      await pipeline(source, counted, createWriteStream(this.path, { flags: 'r+', start: this.#size }));
    } catch (error) {
      await truncate(this.path, this.#size);
      throw error;
    }
    this.#hash = hash;
    this.#size += received;
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
