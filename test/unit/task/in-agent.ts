import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import type { questions } from './probe.ts';

type Questions = typeof questions;
type Question = { [Name in keyof Questions]: readonly [Name, ...Parameters<Questions[Name]>] }[keyof Questions];

export interface Answers {
  /** An answer for each question: a value (null for none), or `{ refused, expected }` when it was thrown. */
  readonly answers: readonly unknown[];
  /** What the process printed besides. */
  readonly printed: string;
}

/** Answers of the task runtime in a process of its own, to be made where a `describe` starts. */
export class InAgent {
  #folder = '';

  constructor() {
    before(async () => {
      this.#folder = mkdtempSync(path.join(tmpdir(), 'in-agent-'));
      await esbuild.build({
        entryPoints: [path.join(import.meta.dirname, 'probe.ts')],
        outfile: path.join(this.#folder, 'probe.mjs'),
        bundle: true,
        platform: 'node',
        format: 'esm',
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
        logLevel: 'error',
      });
    });
    after(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** Asks with nothing but these variables in the environment. */
  async ask(environment: Record<string, string>, ...asked: readonly Question[]): Promise<Answers> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(this.#folder, 'probe.mjs'), JSON.stringify(asked)],
      { env: { AGENT_TEMPDIRECTORY: this.#folder, ...environment }, cwd: this.#folder },
    );
    const [printed = '', answers = ''] = stdout.split('\nANSWERS ');
    return { answers: JSON.parse(answers) as unknown[], printed };
  }
}

/** A refusal that users can act on. */
export function refused(message: string): unknown {
  return { refused: message, expected: true };
}
