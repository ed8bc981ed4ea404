import { lstatSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** How the private folders of a step are named; mkdtemp adds six letters and digits. Nothing else begins so. */
export const folderPrefix = 'helm-delivery-';
const folderName = new RegExp(`^${folderPrefix}[A-Za-z0-9]{6}$`);

/** The task variables that tell the post-job step where they were: one folder for the step, one for the whole job. */
export const folderVariables = { step: 'privateFolder', job: 'jobFolder' } as const;

/**
 * The post-job step: removes the folder that a task kept for the job, and the private one of a task that was killed
 * before it could do so itself. It reads the task variables straight from the environment, since task-lib would double
 * its start-up time. There a plain variable of the pipeline may have the same name, so only what is a private folder
 * beyond doubt is removed.
 */
export function removePrivateFolders(): void {
  for (const variable of Object.values(folderVariables)) {
    const name = `VSTS_TASKVARIABLE_${variable.toUpperCase()}`;
    const folder = process.env[name];
    const problem = folder && removePrivateFolder(folder, process.env['AGENT_TEMPDIRECTORY'] || tmpdir());
    if (problem) warn(`${folder} (${name}) was not removed: ${problem}.`);
  }
}

/**
 * Removes a private folder: a folder itself and no link to one, named as we name them, of this user, in the temporary
 * folder, which may be a link. What it may hold of links goes as links.
 * @returns why it was left as it is; undefined when it is gone
 */
export function removePrivateFolder(folder: string, temporary: string): string | undefined {
  const name = path.basename(folder);
  if (!path.isAbsolute(folder) || !folderName.test(name)) return 'it is not named as a private folder of a step is';
  try {
    const parent = realpathSync.native(path.dirname(folder));
    if (parent !== realpathSync.native(temporary)) return `it does not lie in the temporary folder ${temporary}`;
    // A link in the way or a slash at the end of what was given leads nowhere else.
    const own = path.join(parent, name);
    const found = lstatSync(own);
    if (!found.isDirectory()) return 'it is a link, or no folder';
    if (process.getuid !== undefined && found.uid !== process.getuid()) return 'it belongs to another user';
    rmSync(own, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isGone ? undefined : String(error);
  }
}

function warn(text: string): void {
  const data = text.replace(/%/g, '%AZP25').replace(/[\r\n]+/g, ' ');
  process.stdout.write(`##vso[task.logissue type=warning]${data}\n`);
}
