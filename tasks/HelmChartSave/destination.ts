import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobPlace, isInside } from '../common/task/job-files.ts';
import { messageOf, TaskError } from '../common/task/outcome.ts';

/**
 * The folder that receives the archive; it is made when it does not exist.
 * @param chart the chart's folder, its links resolved.
 * @throws TaskError when it cannot be made, a link leads it out of the job, or it lies in the chart: the next package
 * would hold this one.
 */
export async function destinationFolder(
  input: string | undefined,
  chart: string,
  context: Pick<TaskContext, 'variable'>,
): Promise<string> {
  const folder = path.resolve(input ?? context.variable('Build.ArtifactStagingDirectory') ?? '.');
  await checkJobPlace(folder, context);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new TaskError(
      `Input destination is '${input ?? folder}', but that folder cannot be made: ${messageOf(error)}.`,
    );
  }
  if (isInside(await realpath(folder), chart)) {
    throw new TaskError(
      `Input destination is '${input ?? folder}', a folder in the chart itself, so the next archive would hold this one; ` +
        'give another one, or leave it empty for $(Build.ArtifactStagingDirectory).',
    );
  }
  return folder;
}
