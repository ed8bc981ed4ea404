import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { processEnd } from '../process-end.ts';

/** A program that runs until it is stopped. */
export interface KeptProgram {
  readonly name: string;
  /** Absolute path of the executable. */
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const keeper = path.join(import.meta.dirname, 'keeper.ts');
const typescript = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Programs that share a folder. They and it are gone when they are closed, and when this process ends in any way. */
export class KeptPrograms {
  /** Absolute; the working folder of the programs, and the place of their logs (`<name>.log`). */
  readonly folder: string;
  /** Rejects, with the end of its log, when a program ends by itself. */
  readonly failure: Promise<never>;
  readonly #keeper: ChildProcessByStdio<Writable, Readable, null>;

  private constructor(folder: string) {
    this.folder = folder;
    // In a process group of its own it outlives the terminal's Ctrl-C, and then cleans up.
    this.#keeper = spawn(process.execPath, ['--import', typescript, keeper, folder], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.failure = this.#firstEnd();
    this.failure.catch(() => {});
  }

  /** @param name starts the name of the folder */
  static async open(name: string): Promise<KeptPrograms> {
    return new KeptPrograms(await mkdtemp(path.join(tmpdir(), `${name}-`)));
  }

  start(program: KeptProgram): void {
    this.#keeper.stdin.write(`${JSON.stringify(program)}\n`);
  }

  /** Kills the programs and removes the folder. */
  async close(): Promise<void> {
    const closed = processEnd(this.#keeper);
    this.#keeper.stdin.end();
    await closed;
  }

  async #firstEnd(): Promise<never> {
    for await (const line of createInterface({ input: this.#keeper.stdout })) {
      const log = await readFile(path.join(this.folder, `${line.split(' ')[0]}.log`), 'utf8').catch(() => '');
      throw new Error(`${line}\n${log.split('\n').slice(-20).join('\n')}`);
    }
    throw new Error('The programs were closed.');
  }
}
