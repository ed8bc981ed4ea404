import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for the files of one `describe`, removed after it. */
export class ScratchFolder {
  #folder = '';
  #count = 0;

  /** To be called where the `describe` starts. */
  constructor() {
    before(async () => {
      this.#folder = await mkdtemp(path.join(tmpdir(), 'chart-test-'));
    });
    after(() => rm(this.#folder, { recursive: true, force: true }));
  }

  /** A path that nothing has used before. */
  fresh(name = 'app.tgz'): string {
    this.#count += 1;
    return path.join(this.#folder, `${this.#count}-${name}`);
  }

  async file(content: string | Uint8Array, name?: string): Promise<string> {
    const file = this.fresh(name);
    await writeFile(file, content);
    return file;
  }
}
