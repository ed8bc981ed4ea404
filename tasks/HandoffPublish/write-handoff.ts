import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { handoffFileName, readHandoff, type Handoff } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobPlace, writeWholeFile } from '../common/task/job-files.ts';

/**
 * Writes the file where the job keeps what it publishes: it is uploaded only after the step. Returns its path.
 * @throws TaskError when the importing side would refuse to read it, or a link leads out of the job.
 */
export async function writeHandoff(
  handoff: Handoff,
  artifactName: string,
  context: Pick<TaskContext, 'variable'>,
): Promise<string> {
  const staging =
    context.variable('Build.ArtifactStagingDirectory') ?? context.variable('System.DefaultWorkingDirectory');
  const folder = path.resolve(staging ?? '.', artifactName);
  const file = path.join(folder, handoffFileName);
  const bytes = Buffer.from(`${JSON.stringify(handoff, null, 2)}\n`);
  // What the other side would refuse to read is better refused here.
  readHandoff(bytes);
  await checkJobPlace(folder, context);
  await mkdir(folder, { recursive: true });
  await writeWholeFile(file, bytes);
  return file;
}
