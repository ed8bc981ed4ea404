import type { TaskInput, TaskJson } from './task-json.ts';

/** The text of a task's `inputs.gen.ts`: the typed inputs, the output names and how to read the inputs. */
export function inputsSource(task: TaskJson): string {
  const outputs = task.outputVariables.map((output) => `'${output.name}'`).join(' | ') || 'never';
  return `// Generated from task.json by \`npm run generate\`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
${task.inputs.map((input) => `  /** ${comment(input)} */\n  readonly ${input.name}: ${typeOf(input)};`).join('\n')}
}

export type Output = ${outputs};

export function readInputs(input: InputReader): Inputs {
  return {
${task.inputs.map((input) => `    ${input.name}: ${readerOf(input)},`).join('\n')}
  };
}
`;
}

const comment = (input: TaskInput): string => input.helpMarkDown.replaceAll('*/', '* /');

/** A pick list without options of its own is filled by a picker and takes any text. */
const isChoice = (input: TaskInput): boolean =>
  (input.type === 'pickList' || input.type === 'radio') && Object.keys(input.options ?? {}).length > 0;

const optionsOf = (input: TaskInput): string[] => Object.keys(input.options ?? {}).map((option) => `'${option}'`);

function typeOf(input: TaskInput): string {
  if (input.type === 'boolean') return 'boolean';
  if (input.type === 'int') return 'number';
  if (isChoice(input)) return optionsOf(input).join(' | ');
  return input.required ? 'string' : 'string | undefined';
}

function readerOf(input: TaskInput): string {
  if (input.type === 'boolean') return `input.flag('${input.name}')`;
  if (input.type === 'int') return `input.wholeNumber('${input.name}')`;
  if (isChoice(input)) return `input.choice('${input.name}', [${optionsOf(input).join(', ')}])`;
  return input.required ? `input.requiredText('${input.name}')` : `input.text('${input.name}')`;
}
