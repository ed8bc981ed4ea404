import { mkdtemp, rm, stat } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { createVsix } from '../../scripts/build/vsix.ts';

/** The Marketplace package as a reader finds it. */
export interface Packed {
  /** Bytes. */
  readonly size: number;
  /** Content by path in the package. */
  readonly files: ReadonlyMap<string, Buffer>;
}

export const sources = path.resolve(import.meta.dirname, '../..');

/** The folders in tasks/ that hold a task, sorted. */
export const taskNames = readdirSync(path.join(sources, 'tasks'))
  .filter((name) => existsSync(path.join(sources, 'tasks', name, 'task.json')))
  .sort();

let made: Promise<Packed> | undefined;

/** Makes the package of what is in dist/, once for all tests, and unzips it. @throws Error when dist/ is missing */
export function packed(): Promise<Packed> {
  made ??= make();
  return made;
}

async function make(): Promise<Packed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vsix-'));
  try {
    const vsix = await createVsix(folder);
    return { size: (await stat(vsix)).size, files: await unzipped(vsix) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function unzipped(vsix: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const zip = await yauzl.openPromise(vsix);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    if (files.has(entry.fileName)) throw new Error(`The package holds ${entry.fileName} twice.`);
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}

/** A file of the package as text. */
export function textOf({ files }: Packed, name: string): string {
  const content = files.get(name);
  if (content === undefined) throw new Error(`The package holds no ${name}.`);
  return content.toString();
}
