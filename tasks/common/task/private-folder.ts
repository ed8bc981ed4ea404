import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { log } from './log.ts';
import { folderPrefix, folderVariables, removePrivateFolder } from './post.ts';

/**
 * A folder that only this user can read (mkdtemp makes it so), made at first use. One for the step is removed at its
 * end, one for the job by the post-job step, which also removes what a killed task left (see post.ts).
 */
export class PrivateFolder {
  readonly #variable: string;
  readonly #temporary = tl.getVariable('Agent.TempDirectory') || tmpdir();
  #path: string | undefined;

  constructor(life: keyof typeof folderVariables) {
    this.#variable = folderVariables[life];
  }

  path(): string {
    if (this.#path === undefined) {
      this.#path = mkdtempSync(path.join(this.#temporary, folderPrefix));
      tl.setTaskVariable(this.#variable, this.#path);
    }
    return this.#path;
  }

  remove(): void {
    const problem = this.#path && removePrivateFolder(this.#path, this.#temporary);
    if (problem) log.warning(`${this.#path} was not removed: ${problem}.`);
  }
}
