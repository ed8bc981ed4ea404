import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export interface SpooledEntry {
  name: string;
  /** Where the content starts in the spool, in bytes. */
  start: number;
  /** Bytes. */
  size: number;
}

/** A file that holds the contents of many, to read them again in another order without holding them in memory. */
export class EntrySpool {
  readonly entries: SpooledEntry[] = [];
  readonly #path: string;
  readonly #file: FileHandle;
  #end = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<EntrySpool> {
    return new EntrySpool(path, await open(path, 'wx', 0o600));
  }

  async add(name: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const start = this.#end;
    for await (const chunk of content) {
      await this.#file.writeFile(chunk);
      this.#end += chunk.length;
    }
    this.entries.push({ name, start, size: this.#end - start });
  }

  /** Once all is added. */
  read(entry: SpooledEntry): AsyncIterable<Buffer> | [] {
    if (entry.size === 0) return [];
    return createReadStream(this.#path, { start: entry.start, end: entry.start + entry.size - 1 });
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
