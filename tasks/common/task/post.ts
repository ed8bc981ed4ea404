import { rmSync } from 'node:fs';
import path from 'node:path';

/** How the private folders of a step are named. */
export const folderPrefix = 'helm-delivery-';

/** The task variables that tell the post-job step where they were: one folder for the step, one for the whole job. */
export const folderVariables = { step: 'privateFolder', job: 'jobFolder' } as const;

/**
 * The post-job step: removes the folder that a task kept for the job, and the private one of a task that was killed
 * before it could do so itself. It reads the task variables straight from the environment, since task-lib would double
 * its start-up time.
 */
export function removePrivateFolders(): void {
  for (const variable of Object.values(folderVariables)) {
    removeFolder(process.env[`VSTS_TASKVARIABLE_${variable.toUpperCase()}`]);
  }
}

function removeFolder(folder: string | undefined): void {
  if (!folder || !path.basename(folder).startsWith(folderPrefix)) return;
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    const reason = String(error)
      .replace(/[\r\n]+/g, ' ')
      .replace(/%/g, '%AZP25');
    process.stdout.write(
      `##vso[task.logissue type=warning]The private folder of the step could not be removed: ${reason}\n`,
    );
  }
}
