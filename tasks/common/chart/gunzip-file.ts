import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArchiveFault, damaged } from '../archive/index.ts';
import type { FileDigester } from './file-digest.ts';

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
