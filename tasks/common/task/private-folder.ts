import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { folderPrefix, folderVariable } from './private-folder-name.ts';

/**
 * A folder that only this user can read (mkdtemp makes it so), made at first use and removed at the end of the step;
 * the post-job step removes what a killed task left (see post.ts).
 */
export class PrivateFolder {
  #path: string | undefined;

  path(): string {
    if (this.#path === undefined) {
      this.#path = mkdtempSync(path.join(tl.getVariable('Agent.TempDirectory') ?? tmpdir(), folderPrefix));
      tl.setTaskVariable(folderVariable, this.#path);
    }
    return this.#path;
  }

  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true, maxRetries: 3 });
  }
}
