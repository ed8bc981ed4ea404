import { createReadStream, createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream';
import { pipeline as finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ArchiveFault } from '../archive/tar-format.ts';
import { readTar } from '../archive/tar-reader.ts';
import { readZipEntry } from '../archive/zip.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import type { Asset } from './definitions.ts';
import { explainDisk } from './errors.ts';

/**
 * Writes the one executable out of a downloaded file to `target`, ready to be run. Nothing else is written, whatever the
 * archive holds.
 * @param most bytes that the executable may have
 * @throws TaskError when it is not there, damaged or too large, or when the disk does not take it.
 */
export async function unpackExecutable(
  file: string,
  asset: Pick<Asset, 'packing' | 'entry' | 'path'>,
  target: string,
  most: number,
): Promise<void> {
  try {
    await finished(executableIn(file, asset, most), createWriteStream(target, { mode: 0o700 }));
    await chmod(target, 0o755);
  } catch (error) {
    const problem = explainDisk(error, dirname(target));
    if (problem !== undefined) throw problem;
    throw new TaskError(`${asset.path} cannot be unpacked: it ${faultOf(error)}.`);
  }
}

/**
 * The bytes of the executable in a file, unpacked as they are read.
 * @throws ArchiveFault when it is not there or larger than `most` bytes, and what zlib throws of a damaged file
 */
export function executableIn(
  file: string,
  asset: Pick<Asset, 'packing' | 'entry'>,
  most: number,
): AsyncIterable<Uint8Array> {
  return atMost(contentOf(file, asset), most);
}

function contentOf(file: string, { packing, entry }: Pick<Asset, 'packing' | 'entry'>): AsyncIterable<Uint8Array> {
  if (packing === 'zip') return readZipEntry(file, entry);
  return packing === 'tar.gz' ? readTarEntry(file, entry) : createReadStream(file);
}

/** With zlib's own pieces of 16 KiB an executable of 60 MB would take twice the time. */
const piece = 256 * 1024;

async function* readTarEntry(file: string, name: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: piece });
  // Whoever reads gunzip gets the same error.
  pipeline(createReadStream(file, { highWaterMark: piece }), gunzip, () => {});
  for await (const entry of readTar(gunzip)) {
    if (entry.name !== name || entry.type !== '0') continue;
    yield* entry.body;
    return;
  }
  throw new ArchiveFault(`holds no file ${name}`);
}

async function* atMost(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > most) throw new ArchiveFault(`holds an executable of more than the allowed ${most} bytes`);
    yield chunk;
  }
}

function faultOf(error: unknown): string {
  return error instanceof ArchiveFault ? error.message : `is damaged (${messageOf(error)})`;
}
