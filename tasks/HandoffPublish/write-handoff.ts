import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { filesFolder, type HandedBytes, handoffFileName, readHandoff, type Handoff } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobPlace, writeWholeFile } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { visible } from '../common/text/shown.ts';

/** Where a handoff was written. */
export interface WrittenHandoff {
  /** variables.json */
  readonly file: string;
  /** What goes into the artifact: the file, or its folder where other files are handed over, too. */
  readonly published: string;
}

/**
 * Writes the file where the job keeps what it publishes: it is uploaded only after the step.
 * @throws TaskError when the importing side would refuse to read it, or a link leads out of the job.
 */
export async function writeHandoff(
  handoff: Handoff,
  files: HandedBytes,
  artifactName: string,
  context: Pick<TaskContext, 'variable'>,
): Promise<WrittenHandoff> {
  const staging =
    context.variable('Build.ArtifactStagingDirectory') ?? context.variable('System.DefaultWorkingDirectory');
  const folder = path.resolve(staging ?? '.', artifactName);
  const file = path.join(folder, handoffFileName);
  const bytes = Buffer.from(`${JSON.stringify(handoff, null, 2)}\n`);
  // What the other side would refuse to read is better refused here.
  readHandoff(bytes);
  await checkJobPlace(folder, context);
  await mkdir(folder, { recursive: true });
  if (files.size > 0) await writeFiles(folder, files);
  await writeWholeFile(file, bytes);
  return { file, published: files.size > 0 ? folder : file };
}

/** The whole folder is published, so nothing else may be in it. */
async function writeFiles(folder: string, files: HandedBytes): Promise<void> {
  const ours = [filesFolder, handoffFileName];
  const other = (await readdir(folder)).find((name) => !ours.includes(name));
  if (other !== undefined) {
    throw new TaskError(
      `${folder} holds ${visible(other, 200)}, which would be published with the handoff: give another artifactName, or put it elsewhere.`,
    );
  }
  // An earlier step may have left some.
  await rm(path.join(folder, filesFolder), { recursive: true, force: true });
  for (const [name, bytes] of files) {
    const file = path.join(folder, filesFolder, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true });
    await writeWholeFile(file, bytes);
  }
}
