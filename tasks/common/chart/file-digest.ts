import { createHash } from 'node:crypto';

export interface FileDigest {
  /** `sha256:` and 64 hexadecimal digits. */
  digest: string;
  /** Bytes. */
  size: number;
}

/** The digest of a file that passes by in chunks. */
export class FileDigester {
  readonly #hash = createHash('sha256');
  #size = 0;

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }

  /** To be called once, after the last chunk. */
  result(): FileDigest {
    return { digest: `sha256:${this.#hash.digest('hex')}`, size: this.#size };
  }
}
