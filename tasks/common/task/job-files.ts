import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from './context.ts';
import { TaskError } from './outcome.ts';

/** The folders of a job; what another job or the machine keeps elsewhere is not for a step to read. */
const folderVariables = [
  'Pipeline.Workspace',
  'Agent.BuildDirectory',
  'Build.SourcesDirectory',
  'Build.ArtifactStagingDirectory',
  'Build.BinariesDirectory',
  'System.ArtifactsDirectory',
  'System.DefaultWorkingDirectory',
  'Agent.TempDirectory',
];

/** Whether a path lies in a folder or is the folder; both without links. */
export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/**
 * Makes sure that a file whose name comes out of the sources, by a pattern or from beside another file, is one of the
 * job's own: a regular file, itself no link, really in a folder of the job. Hard links cannot be told from files.
 * @throws TaskError that says what it is instead; nothing when there is no such file
 */
export async function checkJobFile(file: string, context: Pick<TaskContext, 'variable'>): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return;
  if (found.isSymbolicLink()) {
    throw new TaskError(
      `${file} is a link, and what it leads to may be anything on this agent; put a copy of the file in its place.`,
    );
  }
  if (!found.isFile()) throw new TaskError(`${file} is no regular file.`);
  const given = folderVariables.map((name) => context.variable(name)).filter((folder) => folder !== undefined);
  const [real, ...folders] = await Promise.all([file, ...given].map((name) => realpath(name).catch(() => '')));
  if (real !== undefined && folders.some((folder) => folder !== '' && isInside(real, folder))) return;
  throw new TaskError(
    `${file} lies outside of the folders of this job (it really is ${real}): copy it into the job, or name it by its ` +
      'whole path without a pattern.',
  );
}

/**
 * The whole content of a small regular file, opened without following a link.
 * @param most bytes
 * @returns undefined when there is no such file
 * @throws TaskError when it is a link, no regular file, or larger
 */
export async function readRegularFile(file: string, most: number): Promise<Buffer | undefined> {
  // Windows has neither flag; links were looked for before, and there are no named pipes in folders there.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ELOOP') throw new TaskError(`${file} is a link; put a copy of the file in its place.`);
    throw new TaskError(`${file} cannot be read (${error.message}).`);
  });
  if (handle === undefined) return undefined;
  try {
    if (!(await handle.stat()).isFile()) throw new TaskError(`${file} is no regular file.`);
    // What was read counts, not what the file system says: the file may be growing.
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(most + 1), position: 0 });
    if (bytesRead > most) throw new TaskError(`${file} has more than the ${most} bytes that are read of such a file.`);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Whether a folder that is named within the job, where the sources may hold a link in its place, really is one of the job's.
 * One that is named outside of the job is the author's own choice: true for these.
 */
export async function staysInJob(folder: string, context: Pick<TaskContext, 'variable'>): Promise<boolean> {
  const given = folderVariables.map((name) => context.variable(name)).filter((each) => each !== undefined);
  const reals = await Promise.all(given.map((name) => realpath(name).catch(() => name)));
  if (![...given, ...reals].some((each) => isInside(path.resolve(folder), path.resolve(each)))) return true;
  const real = await realpath(folder);
  return reals.some((each) => isInside(real, each));
}
