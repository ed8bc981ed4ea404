import type { Handoff } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { valueFilesOf } from '../common/values/value-files.ts';
import { writeValues } from '../common/values/write-values.ts';
import { imageValues } from './images.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** Writes all values that the inputs give into one private file. Returns its path. @throws TaskError naming the source */
export async function valuesOf(
  inputs: Inputs,
  handoff: Handoff | undefined,
  context: TaskContext<Output>,
): Promise<string> {
  const sources = {
    files: await valueFilesOf(given(inputs, 'valueFiles'), context),
    yaml: given(inputs, 'values'),
    images: imageValues(given(inputs, 'images'), handoff?.images ?? []),
    set: given(inputs, 'set'),
    setString: given(inputs, 'setString'),
    setFile: given(inputs, 'setFile'),
    setSecret: given(inputs, 'setSecret'),
    secrets: context.secrets([]),
  };
  const { file, paths } = await writeValues(sources, context.privateFolder(), context);
  if (paths.length > 0) context.log.info(`Set in the values: ${paths.join(', ')}.`);
  return file;
}
