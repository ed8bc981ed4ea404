import path from 'node:path';
import { type Handoff, largestFile, readHandoff } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobFile, readRegularFile } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';

/**
 * The handoff in a file of the job. Whether it is the right run's, sealed and true to the registry is HandoffImport's to
 * check; here it only has to be one.
 * @param given the path as the pipeline names it, absolute or from the working directory
 * @throws TaskError when no such file is there, or it is no handoff of version 1
 */
export async function handoffIn(given: string, context: Pick<TaskContext, 'variable' | 'log'>): Promise<Handoff> {
  const file = path.resolve(context.variable('System.DefaultWorkingDirectory') ?? '.', given);
  await checkJobFile(file, context);
  const content = await readRegularFile(file, largestFile);
  if (content === undefined) {
    throw new TaskError(
      `Input handoffFile is '${given}', but ${file} does not exist: a step 'download: ci' puts it into ` +
        '$(Pipeline.Workspace)/ci/build-artifact/variables.json.',
    );
  }
  const read = readHandoff(content);
  if (read.form === 'version 1') return read.handoff;
  throw new TaskError(
    `${file} has the two fields chartVersion and imgVersion alone, and no digests: give input chart and the image's tag ` +
      '(input set) yourself, or write the file with HandoffPublish.',
  );
}
