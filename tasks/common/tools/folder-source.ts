import { type FileHandle, lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isInside, openRegularFile } from '../task/job-files.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import type { SourceWords } from './errors.ts';

/** A file that is being read. */
export interface OpenedFile {
  readonly body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };
  /** Bytes, where known. */
  readonly size: number | undefined;
}

/** Where tools come from: the vendor's host, a mirror of it, or a folder. All keep the vendor's paths. */
export interface ToolSource extends SourceWords {
  /** What messages call it. */
  readonly name: string;
  /**
   * The file with this path on the vendor's host, or undefined when there is none.
   * @throws TaskError when it cannot be had for another reason.
   */
  open(path: string): Promise<OpenedFile | undefined>;
}

/**
 * A folder with the vendor's files, for agents without a way to the network. It may lie in the sources, so each of its files
 * is foreign: only regular files are read, without following a link, and only those that really are in the folder. The
 * folder itself may be a link where the author named it (see sources.ts).
 */
export class FolderSource implements ToolSource {
  readonly name: string;
  readonly isMirror = true;
  readonly elsewhere: string;
  readonly #input: string;

  /** @param input the one that names the folder */
  constructor(folder: string, input: string) {
    this.name = folder;
    this.#input = input;
    this.elsewhere = `, or give input ${input} another source`;
  }

  async open(file: string): Promise<OpenedFile | undefined> {
    const found = path.join(this.name, ...file.split('/'));
    const handle = await openRegularFile(found);
    if (handle === undefined) return undefined;
    try {
      const size = await this.#sizeOf(found, handle);
      return { body: handle.createReadStream(), size };
    } catch (error) {
      await handle.close();
      throw error instanceof TaskError ? error : new TaskError(`${found} cannot be read: ${messageOf(error)}.`);
    }
  }

  /** @throws TaskError when the opened file is not really in this folder. */
  async #sizeOf(found: string, handle: FileHandle): Promise<number> {
    const opened = await handle.stat();
    const [real, folder] = await Promise.all([realpath(found), realpath(this.name)]);
    const looked = await lstat(real);
    if (isInside(real, folder) && looked.ino === opened.ino && looked.dev === opened.dev) return opened.size;
    throw new TaskError(
      `${found} lies outside of the folder that input ${this.#input} names (it really is ${real}): put a copy of it in its place.`,
    );
  }
}
