import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isLfsPointer, lfsPointerFault, longestPointer } from '../../archive/lfs-pointer.ts';
import { openRegularFile, readFully } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { eachInParallel } from '../../task/parallel.ts';
import type { ChartFiles } from './files.ts';

/** Files that are copied at the same time. */
const atOnce = 8;

/**
 * Copies what helm would package of a chart, links resolved, so that helm works on files that were looked at and writes
 * nothing into the sources.
 * @param target a folder that does not exist
 * @throws TaskError when a file is no regular one any more, or a pointer of Git LFS: helm would package it in silence, or
 * fail in words about YAML or gzip
 */
export async function copyChart({ files, folders }: ChartFiles, target: string, signal: AbortSignal): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of folders) await mkdir(path.join(target, name));
  await eachInParallel(files, atOnce, async ({ name, real }) => {
    signal.throwIfAborted();
    await copyFile(real, path.join(target, name));
  });
}

async function copyFile(file: string, target: string): Promise<void> {
  const handle = await openRegularFile(file);
  if (handle === undefined) throw new TaskError(`${file} was removed while the chart was read.`);
  try {
    const start = await readFully(handle, 0, Buffer.alloc(longestPointer));
    if (isLfsPointer(start)) throw new TaskError(`${file} ${lfsPointerFault}.`);
    await writeFile(target, handle.createReadStream({ autoClose: false, start: 0 }), { flag: 'wx', mode: 0o600 });
  } finally {
    await handle.close();
  }
}
