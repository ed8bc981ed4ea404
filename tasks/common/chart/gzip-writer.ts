import type { FileHandle } from 'node:fs/promises';
import { Gzip } from 'fflate/browser';
import { FileDigester, type FileDigest } from './file-digest.ts';

/**
 * Writes a gzip file whose bytes depend on the content alone. Not by Node's zlib: its output differs between versions
 * of Node and kinds of CPU. fflate is plain JavaScript; its output is the same for the same sequence of pushes, so
 * content is pushed in blocks of one size however it comes.
 */
export class GzipWriter {
  readonly #file: FileHandle;
  readonly #digester = new FileDigester();
  readonly #packed: Uint8Array[] = [];
  readonly #block = Buffer.alloc(64 * 1024);
  #filled = 0;
  // mtime 0 leaves the time out; without `mem`, fflate derives it from a logarithm of the last push's length.
  readonly #gzip = new Gzip({ level: 6, mem: 8, mtime: 0 }, (chunk) => this.#packed.push(chunk));

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length;) {
      const piece = bytes.subarray(start, start + this.#block.length - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      start += piece.length;
      if (this.#filled === this.#block.length) await this.#push(false);
    }
  }

  /** Ends the gzip data; the file stays open. */
  async end(): Promise<FileDigest> {
    await this.#push(true);
    return this.#digester.result();
  }

  async #push(last: boolean): Promise<void> {
    this.#gzip.push(this.#block.subarray(0, this.#filled), last);
    this.#filled = 0;
    for (const chunk of this.#packed.splice(0)) {
      this.#digester.add(chunk);
      await this.#file.writeFile(chunk);
    }
  }
}
