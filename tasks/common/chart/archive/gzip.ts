import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Gzip } from 'fflate/browser';
import { ArchiveFault, damaged } from '../../archive/tar-format.ts';

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

/**
 * Unpacks a gzip file while it is read once.
 * @param digester gets the bytes of the packed file
 * @throws ArchiveFault when it is no gzip, damaged, followed by other data, or unfolds to more than `most` bytes
 */
export async function* gunzipFile(path: string, most: number, digester: FileDigester): AsyncGenerator<Uint8Array> {
  const size = await sizeOf(path);
  const gunzip = createGunzip();
  pipeline(
    createReadStream(path),
    (chunks: AsyncIterable<Buffer>) => digested(chunks, digester),
    gunzip,
    // Whoever reads gunzip gets the same error.
    () => {},
  );
  yield* atMost(gunzip, most);
  // Node stops silently at zeros after the end of the gzip data.
  if (gunzip.bytesWritten !== size) throw damaged('data follows the end of the gzip data');
}

async function* digested(chunks: AsyncIterable<Buffer>, digester: FileDigester): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && (chunk[0] !== 0x1f || (chunk[1] ?? 0x8b) !== 0x8b)) {
      throw new ArchiveFault('is not a gzip file. Give the .tgz that helm package makes');
    }
    isFirst = false;
    digester.add(chunk);
    yield chunk;
  }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new ArchiveFault('does not exist');
    throw error;
  });
  if (!found.isFile()) throw new ArchiveFault('is not a file');
  return found.size;
}

async function* atMost(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  try {
    for await (const chunk of chunks) {
      seen += chunk.length;
      if (seen > most) throw new ArchiveFault(`unpacks to more than the allowed ${most} bytes`);
      yield chunk;
    }
  } catch (error) {
    throw faultOf(error);
  }
}

function faultOf(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error;
  if (error.code === 'Z_BUF_ERROR') return damaged('the gzip data ends early');
  return error.code.startsWith('Z_') ? damaged(`gzip: ${error.message}`) : error;
}

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
