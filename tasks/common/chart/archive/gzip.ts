import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Gzip } from 'fflate/browser';
import { isLfsPointer, lfsPointerFault } from '../../archive/lfs-pointer.ts';
import { ArchiveFault, damaged } from '../../archive/tar-format.ts';
import { openRegularFile } from '../../task/job-files.ts';

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
 * @throws TaskError when it is a link, or no regular file
 */
export async function* gunzipFile(path: string, most: number, digester: FileDigester): AsyncGenerator<Uint8Array> {
  const file = await openRegularFile(path);
  if (file === undefined) throw new ArchiveFault('does not exist');
  try {
    const { size } = await file.stat();
    // Members that hold nothing would be read without end.
    if (size > most) throw new ArchiveFault(`has ${size} bytes, and may not unpack to more than ${most}`);
    const gunzip = createGunzip();
    pipeline(
      file.createReadStream({ autoClose: false, start: 0 }),
      (chunks: AsyncIterable<Buffer>) => digested(chunks, digester),
      gunzip,
      // Whoever reads gunzip gets the same error.
      () => {},
    );
    yield* atMost(gunzip, most);
    // Node stops silently at zeros after the end of the gzip data.
    if (gunzip.bytesWritten !== size) throw damaged('data follows the end of the gzip data');
  } finally {
    await file.close();
  }
}

async function* digested(chunks: AsyncIterable<Buffer>, digester: FileDigester): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) checkGzipHeader(chunk);
    isFirst = false;
    digester.add(chunk);
    yield chunk;
  }
}

/** What Go's compress/gzip has room for, in bytes; zlib takes any length. */
const longestHeaderText = 511;

/** The header of RFC 1952: ten bytes, then by flags a field of 64 KiB at most, a name and a comment that end in NUL. */
function checkGzipHeader(start: Buffer): void {
  if (isLfsPointer(start)) throw new ArchiveFault(lfsPointerFault);
  if (start[0] !== 0x1f || (start[1] ?? 0x8b) !== 0x8b) {
    throw new ArchiveFault('is not a gzip file. Give the .tgz that helm package makes');
  }
  const flags = start[3] ?? 0;
  let at = 10;
  if ((flags & 0x04) !== 0 && start.length >= at + 2) at += 2 + start.readUInt16LE(at);
  for (const flag of [0x08, 0x10]) {
    if ((flags & flag) === 0) continue;
    const end = start.indexOf(0, at);
    if (end === -1 || end - at > longestHeaderText)
      throw new ArchiveFault(`has a name or comment of more than ${longestHeaderText} bytes in its gzip header`);
    at = end + 1;
  }
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
