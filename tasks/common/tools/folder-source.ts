import { open } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, TaskError } from '../task/errors.ts';
import type { OpenedFile, ToolSource } from './tool-source.ts';

/** A folder with the vendor's files, for agents without a way to the network. */
export class FolderSource implements ToolSource {
  readonly name: string;

  constructor(folder: string) {
    this.name = folder;
  }

  async open(file: string): Promise<OpenedFile | undefined> {
    const found = path.join(this.name, ...file.split('/'));
    try {
      const handle = await open(found);
      return { body: handle.createReadStream(), size: (await handle.stat()).size };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw new TaskError(`${found} cannot be read: ${messageOf(error)}.`);
    }
  }
}
