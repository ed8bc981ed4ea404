import type { TaskInput, TaskJson } from './task-json.ts';

/**
 * The text of a task's `inputs.gen.ts`: the typed inputs, the output names and how to read the inputs. Besides the named
 * outputs a task may set families of them, such as `image_*` for each image.
 */
export function inputsSource(task: TaskJson): string {
  const families = task.restrictions.settableVariables.allowed.filter((name) => name.endsWith('_*'));
  const outputs = [
    ...task.outputVariables.map(({ name }) => `'${name}'`),
    ...families.map((name) => `\`${name.slice(0, -1)}\${string}\``),
  ];
  return `// Generated from task.json by \`npm run generate\`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
${task.inputs.map((input) => `  /** ${comment(input)} */\n  readonly ${input.name}: ${typeOf(input)};`).join('\n')}
}

export type Output = ${outputs.join(' | ') || 'never'};

export function readInputs(input: InputReader): Inputs {
  return {
${task.inputs.map((input) => `    ${input.name}: ${readerOf(input)},`).join('\n')}
  };
}
`;
}

/** A mark of our own in task.json: the reader then keeps the value out of the debug log. */
const isSecret = (input: TaskInput): boolean => input.properties?.['secret'] === 'true';

/** A text in which `$(name)` may stand for something else than a variable of the pipeline, as it does in Kubernetes. */
const keepsMacros = (input: TaskInput): boolean => input.properties?.['macros'] === 'kept';

/** The same for an address, of which only user and password are secret. */
const isAddress = (input: TaskInput): boolean => input.properties?.['secret'] === 'password';

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
  if (isSecret(input)) return `input.secret('${input.name}')`;
  if (keepsMacros(input)) return `input.literal('${input.name}')`;
  if (isAddress(input)) return `input.address('${input.name}')`;
  const given = input.defaultValue ?? '';
  if (input.type === 'boolean') return `input.flag('${input.name}', ${given.toLowerCase() === 'true'})`;
  if (input.type === 'int') return `input.wholeNumber('${input.name}'${given && `, ${given}`})`;
  if (isChoice(input)) {
    return `input.choice('${input.name}', [${optionsOf(input).join(', ')}]${given && `, '${given}'`})`;
  }
  return input.required ? `input.requiredText('${input.name}')` : `input.text('${input.name}')`;
}
