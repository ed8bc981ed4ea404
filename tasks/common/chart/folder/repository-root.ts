import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../../task/job-files.ts';

/**
 * The repository that a folder belongs to: the nearest folder upwards, itself included, that holds `.git`. That is a
 * folder in a clone, and a file in a submodule or worktree.
 * @param folder its links resolved
 * @param sources what nothing above is looked at; it is given where no folder holds `.git`, as in an artifact
 */
export async function repositoryRoot(folder: string, sources: string): Promise<string> {
  for (let at = folder; at !== sources && isInside(at, sources); at = path.dirname(at)) {
    if (await exists(path.join(at, '.git'))) return at;
  }
  return sources;
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
