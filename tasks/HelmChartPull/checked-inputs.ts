import type { InputReader } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import { type Inputs, readInputs } from './inputs.gen.ts';

/** The inputs, one of which names the chart. @throws TaskError when none does, which task.json cannot say. */
export function readCheckedInputs(input: InputReader): Inputs {
  const inputs = readInputs(input);
  if (inputs.chartRef !== undefined || inputs.repository !== undefined) return inputs;
  throw new TaskError('Give the input chartRef or the input repository; nothing says which chart to pull.');
}
