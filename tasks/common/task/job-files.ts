import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, mkdtemp, open, rename, rm, writeFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from './context.ts';
import { messageOf, TaskError } from './outcome.ts';
import { visible } from '../text/shown.ts';

/** The folders of a job; what another job or the machine keeps elsewhere is not for a step to read. */
const folderVariables = [
  'Pipeline.Workspace',
  'Agent.BuildDirectory',
  'Build.SourcesDirectory',
  'Build.ArtifactStagingDirectory',
  'Build.BinariesDirectory',
  'System.ArtifactsDirectory',
  'System.DefaultWorkingDirectory',
];
/** Where secure files and what other steps sign in with lie: only who names this folder gets what is in it, no link. */
const temporaryVariable = 'Agent.TempDirectory';

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
  const [real, folders] = await Promise.all([realPlace(file), jobFolders(context)]);
  const fault = faultOf(real, file, folders);
  if (fault === undefined) return;
  throw new TaskError(
    `${file} ${fault} (it really is ${real}): copy it into the job, or name it by its whole path without a pattern.`,
  );
}

/**
 * Where a place that is named within the job really is, when that is none of the job's: the sources may hold a link on the
 * way. Undefined when it stays in the job, or was named outside of it, which is the author's own choice.
 * @param place need not exist yet
 */
export async function leadsOutOfJob(
  place: string,
  context: Pick<TaskContext, 'variable'>,
): Promise<string | undefined> {
  const whole = path.resolve(place);
  const folders = await jobFolders(context);
  if (!folders.some((folder) => isNamedIn(whole, folder))) return undefined;
  const real = await realPlace(whole);
  return faultOf(real, whole, folders) === undefined ? undefined : real;
}

/** @throws TaskError that says where a link leads, when the place is none of the job's by one, or is among git's own files */
export async function checkJobPlace(place: string, context: Pick<TaskContext, 'variable'>): Promise<void> {
  const real = await leadsOutOfJob(place, context);
  if (real === undefined) return;
  if (leadsIntoGit(real.split(path.sep))) {
    throw new TaskError(`${place} leads to ${real}, one of git's own files, where the job's token may stand: copy it.`);
  }
  throw new TaskError(
    `${place} leads out of the folders of this job, to ${real}, by a link: take the link away, or give that path itself.`,
  );
}

/** A folder of the job, as the agent names it and without links. */
interface JobFolder {
  readonly given: string;
  readonly real: string;
  readonly isTemporary: boolean;
}

/** Those that exist. */
async function jobFolders(context: Pick<TaskContext, 'variable'>): Promise<JobFolder[]> {
  const folders = [...folderVariables, temporaryVariable].map(async (name) => {
    const given = context.variable(name);
    const real = given && (await realPath(given));
    return given && real ? [{ given: path.resolve(given), real, isTemporary: name === temporaryVariable }] : [];
  });
  return (await Promise.all(folders)).flat();
}

const isNamedIn = (file: string, { given, real }: JobFolder): boolean =>
  [given, real].some((one) => isInside(file, one));

/** What is wrong with a place; undefined when it is the job's. @param real its path without links */
function faultOf(real: string, named: string, folders: readonly JobFolder[]): string | undefined {
  const [holder] = folders.filter((each) => isInside(real, each.real)).sort((a, b) => b.real.length - a.real.length);
  const isTheirs = holder?.isTemporary === true && !isNamedIn(named, holder);
  if (holder === undefined || isTheirs) return 'lies outside of the folders of this job';
  return leadsIntoGit(path.relative(holder.real, real).split(path.sep)) ? "is one of git's own files" : undefined;
}

/** The path without links, as far as it exists. */
async function realPlace(place: string): Promise<string> {
  const parent = path.dirname(place);
  const real = await realPath(place);
  return real ?? (parent === place ? place : path.join(await realPlace(parent), path.basename(place)));
}

/**
 * Opens a regular file to be read, without following a link in its place.
 * @returns undefined when there is no such file
 * @throws TaskError when it is a link, or no regular file
 */
export async function openRegularFile(file: string): Promise<FileHandle | undefined> {
  const seen = await statOf(file);
  if (seen === undefined) return undefined;
  if (seen.isSymbolicLink()) throw aLink(file);
  if (!seen.isFile()) throw new TaskError(`${file} is no regular file.`);
  // Windows has neither flag.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP') throw aLink(file);
    throw new TaskError(`${file} cannot be read (${error.message}).`);
  });
  const opened = await handle.stat({ bigint: true });
  // Where links can only be followed, what was looked at must be what was opened.
  if (opened.isFile() && (process.platform !== 'win32' || opened.ino === seen.ino)) return handle;
  await handle.close();
  throw new TaskError(`${file} was put in the place of another file while it was opened.`);
}

/** What is at the path, itself; undefined when nothing is. */
async function statOf(file: string): Promise<BigIntStats | undefined> {
  return lstat(file, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new TaskError(`${file} cannot be read (${error.message}).`);
  });
}

const aLink = (file: string): TaskError => new TaskError(`${file} is a link; put a copy of the file in its place.`);

/**
 * The whole content of a small regular file, opened without following a link.
 * @param most bytes
 * @returns undefined when there is no such file
 * @throws TaskError when it is a link, no regular file, or larger
 */
export async function readRegularFile(file: string, most: number): Promise<Buffer | undefined> {
  const handle = await openRegularFile(file);
  if (handle === undefined) return undefined;
  try {
    // What was read counts, not what the file system says: the file may be growing.
    const bytes = await readFully(handle, 0, Buffer.alloc(most + 1));
    if (bytes.length > most)
      throw new TaskError(`${file} has more than the ${most} bytes that are read of such a file.`);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Fills the memory from a place in the file on; gives less of it where the file ends. One read may bring less than there is. */
export async function readFully(handle: FileHandle, position: number, memory: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < memory.length) {
    const { bytesRead } = await handle.read(memory, filled, memory.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return memory.subarray(0, filled);
}

/**
 * Writes a file that appears at once, in the place of whatever has its name: a link there is replaced, not followed.
 * @throws TaskError when that is a folder, or the folder of the file takes none
 */
export async function writeWholeFile(file: string, bytes: Uint8Array): Promise<void> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(path.join(path.dirname(file), '.part-'));
    const part = path.join(folder, path.basename(file));
    await writeFile(part, bytes, { flag: 'wx' });
    await rename(part, file);
  } catch (error) {
    throw new TaskError(`${file} cannot be written (${messageOf(error)}).`);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * A name as the file system gives it, as text. Node writes U+FFFD for each byte that is no UTF-8, and so makes one name of
 * two: what is looked at would not be what another program finds.
 * @throws TaskError when it is no UTF-8
 */
export function nameText(name: Buffer): string {
  const text = name.toString();
  if (Buffer.from(text).equals(name)) return text;
  throw new TaskError(`The name ${visible(text, 200)} is no UTF-8 text; rename that file or folder.`);
}

/**
 * The path without links, as far as the file system knows it; undefined when nothing is there or it cannot be told.
 * @throws TaskError when it is no UTF-8
 */
export async function realPath(file: string): Promise<string | undefined> {
  const real = await realpath(file, { encoding: 'buffer' }).catch(() => undefined);
  return real && nameText(real);
}

/**
 * Whether a path, in parts, leads into `.git`. Names are compared as the file systems of Windows and macOS do, to which
 * `.GIT`, `.git.`, `.git ` and `.git::$INDEX_ALLOCATION` are the same folder, and `git~1` its short name.
 */
export function leadsIntoGit(parts: readonly string[]): boolean {
  return parts.some((part) => /^(\.git|git~\d+)[. ]*(:.*)?$/i.test(part));
}
