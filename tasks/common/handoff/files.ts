import { createHash } from 'node:crypto';
import { ArchiveFault } from '../archive/tar-format.ts';
import { entryNameParts, NameTree } from '../chart/archive/names.ts';
import { leadsIntoGit } from '../task/job-files.ts';
import { TaskError } from '../task/outcome.ts';
import { shown } from '../text/shown.ts';
import type { HandoffFile } from './schema.ts';

/** The artifact's folder with the files of a handoff. */
export const filesFolder = 'files';

/** Values files have kilobytes; what is far larger belongs into an artifact of its own. In bytes. */
export const largestHandedFile = 4 * 1024 * 1024;
const largestAltogether = 8 * 1024 * 1024;
/** The schema allows 500 files. */
const mostFilesAndFolders = 5000;

/** How a handoff names a file. @param path from the sources' folder, with `/` */
export function handoffFile(path: string, bytes: Uint8Array): HandoffFile {
  return { path, size: bytes.length, digest: digestOf(bytes) };
}

/**
 * Checks what a handoff says of its files: each path means one file below one folder, on every system.
 * @throws TaskError when one leads elsewhere, two may be the same file, or they are too large together.
 */
export function checkFileList(files: readonly HandoffFile[]): void {
  const names = new NameTree(mostFilesAndFolders);
  for (const { path } of files) checkPath(path, names);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size <= largestAltogether) return;
  throw new TaskError(
    `The files of the handoff have ${size} bytes together; at most ${largestAltogether} are handed over. ` +
      'Publish large ones as an artifact of their own.',
  );
}

function checkPath(path: string, names: NameTree): void {
  try {
    const parts = entryNameParts(path);
    if (leadsIntoGit(parts)) throw new ArchiveFault(`holds ${shown(path)}, one of git's own files`);
    names.add(parts, true);
  } catch (error) {
    if (!(error instanceof ArchiveFault)) throw error;
    throw new TaskError(`The handoff's list of files ${error.message}.`);
  }
}

/** @throws TaskError when the artifact has no such file, or another one than the handoff says */
export function checkHandedFile({ path, size, digest }: HandoffFile, bytes: Buffer | undefined): Buffer {
  if (bytes === undefined) {
    throw new TaskError(
      `The artifact has no file ${shown(`${filesFolder}/${path}`)}, which variables.json lists: download the whole artifact, ` +
        'without patterns, or run the CI pipeline again.',
    );
  }
  if (bytes.length === size && digestOf(bytes) === digest) return bytes;
  throw new TaskError(
    `${shown(`${filesFolder}/${path}`)} in the artifact is ${digestOf(bytes)} (${bytes.length} bytes), but variables.json says ` +
      `${digest} (${size} bytes): somebody changed the one or the other after the CI run.`,
  );
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
