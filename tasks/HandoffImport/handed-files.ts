import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkHandedFile, type HandedBytes, type HandoffFile } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';

/**
 * Lays the files of a handoff into a folder of the job that nobody else can read, so that what was checked is what later
 * steps get. Returns the folder, or '' when there are none.
 * @throws TaskError when one is missing, or is another one than the handoff says
 */
export async function layFiles(
  listed: readonly HandoffFile[],
  found: HandedBytes,
  context: Pick<TaskContext, 'jobFolder'>,
): Promise<string> {
  if (listed.length === 0) return '';
  const checked = listed.map((file) => [file.path, checkHandedFile(file, found.get(file.path))] as const);
  const folder = path.join(context.jobFolder(), 'files');
  for (const [name, bytes] of checked) {
    const file = path.join(folder, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  }
  return folder;
}
