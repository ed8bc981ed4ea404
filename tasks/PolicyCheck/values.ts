import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { valueFilesOf } from '../common/values/value-files.ts';
import { writeValues } from '../common/values/write-values.ts';
import type { Environment } from './checked-inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** Writes all values of an environment into one private file. Returns its path. @throws TaskError naming the source */
export async function valuesOf(
  inputs: Inputs,
  environment: Environment,
  context: TaskContext<Output>,
): Promise<string> {
  const ofAll = await valueFilesOf(given(inputs, 'valueFiles'), context);
  const own = await valueFilesOf({ input: 'environments', value: environment.files }, context);
  const sources = {
    files: [...ofAll, ...own],
    yaml: given(inputs, 'values'),
    images: [],
    set: given(inputs, 'set'),
    setString: given(inputs, 'setString'),
    setFile: given(inputs, 'setFile'),
    setSecret: given(inputs, 'setSecret'),
    secrets: context.secrets([]),
  };
  return (await writeValues(sources, context.privateFolder(), context)).file;
}
