import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isLfsPointer, lfsPointerFault, longestPointer } from '../common/archive/lfs-pointer.ts';
import { openRegularFile, readFully } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { shown } from '../common/text/shown.ts';

/** What helm reads when it loads a chart; of other files it takes the bytes as they are. */
const loaded = /^(?:values\.yaml|values\.schema\.json|(?:templates|crds|charts)[\\/].*)$/;

/**
 * Why helm failed on a chart, where that is a file which Git LFS has not fetched: helm's own words are of broken YAML, or
 * of a wrong gzip header. Looked for only after a failure, since .helmignore may name such files.
 * @throws TaskError naming the file; else the failure itself
 */
export async function explainedByLfs(failure: unknown, folder: string, signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  if (!(failure instanceof TaskError)) throw failure;
  for (const name of await readdir(folder, { recursive: true })) {
    if (!loaded.test(name) || !(await isPointer(path.join(folder, name)))) continue;
    throw new TaskError(
      `The chart's file ${shown(name)} ${lfsPointerFault}. helm could not read it: ${failure.message}`,
    );
  }
  throw failure;
}

async function isPointer(file: string): Promise<boolean> {
  const isFile = await lstat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  const handle = isFile ? await openRegularFile(file) : undefined;
  if (handle === undefined) return false;
  try {
    return isLfsPointer(await readFully(handle, 0, Buffer.alloc(longestPointer)));
  } finally {
    await handle.close();
  }
}
