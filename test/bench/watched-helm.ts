import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realProgram, type ProgramId } from '../real/index.ts';
import { writeFiles } from './write-files.ts';

/** A helm that writes down with which environment it was started, and then is the real one. */
export class WatchedHelm {
  /** The folder of the program, for PATH. */
  readonly folder: string;
  readonly #records: string;

  private constructor(folder: string, records: string) {
    this.folder = folder;
    this.#records = records;
  }

  static async install(id: ProgramId): Promise<WatchedHelm> {
    const folder = mkdtempSync(path.join(tmpdir(), 'watched-helm-'));
    const records = path.join(folder, 'records');
    const program = `#!/bin/bash\ncat /proc/$$/environ > '${records}/'$$\nexec '${await realProgram(id)}' "$@"\n`;
    writeFiles(records, {});
    writeFiles(folder, { helm: { program } });
    return new WatchedHelm(folder, records);
  }

  /** The environments so far, each with its variables by name. */
  environments(): Map<string, string>[] {
    return readdirSync(this.#records).map((name) => {
      const pairs = readFileSync(path.join(this.#records, name), 'utf8').split('\0').filter(Boolean);
      return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
    });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
