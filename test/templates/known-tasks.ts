import { isVisible } from '../agent/visible-rule.ts';
import { readTasks, type TaskJson } from '../../scripts/generate/task-json.ts';

/** Tasks of others that templates and docs use, with the inputs that are used. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  'CmdLine@2': ['script'],
  'Bash@3': ['targetType', 'script'],
  'SnykSecurityScan@1': ['serviceConnectionEndpoint', 'testType', 'dockerImageName', 'failOnIssues'],
  // checkout, download and publish, as the preview has them.
  '6d15af64-176c-496d-b583-fd2ae21d4df4@1': ['repository'],
  '30f35852-3f7e-4c0c-9a88-e127b4f97211@1': ['alias', 'artifact'],
};

type Inputs = Readonly<Record<string, string>>;

const own = new Map(readTasks().map((task): [string, TaskJson] => [`${task.name}@${task.version.Major}`, task]));

/** What waits for a value until the service or the agent has it. */
const isLater = (text: string): boolean => /\$[({[]/.test(text);

/** What is wrong with the names and values of a step's inputs, whichever of them are given. */
export function inputFaults(reference: string, inputs: Inputs): string[] {
  const task = own.get(reference);
  const known = task?.inputs.map(({ name }) => name) ?? foreign[reference];
  if (known === undefined) return [`${reference} is no task of the extension, and none of the known foreign ones`];
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name) && !isLater(name));
  const values = (task?.inputs ?? []).flatMap(({ name, type, options = {} }) => {
    const value = inputs[name];
    const choices = type === 'boolean' ? ['true', 'false'] : Object.keys(options);
    if (value === undefined || isLater(value) || choices.length === 0 || value === '') return [];
    return choices.includes(value.toLowerCase()) || choices.includes(value) ? [] : [`${reference} ${name}: ${value}`];
  });
  return [...unknown.map((name) => `${reference} has no input ${name}`), ...values];
}

/** The inputs that a step lacks: required, shown in the editor, without a default. */
export function missingInputs(reference: string, inputs: Inputs): string[] {
  const task = own.get(reference);
  const valueOf = (name: string): string =>
    inputs[name] ?? task?.inputs.find((input) => input.name === name)?.defaultValue ?? '';
  return (task?.inputs ?? [])
    .filter(
      ({ required, visibleRule }) =>
        required === true && (visibleRule === undefined || isVisible(visibleRule, valueOf)),
    )
    .filter(({ name }) => valueOf(name) === '')
    .map(({ name }) => `${reference} lacks the input ${name}`);
}

/** Whether a task sets an output of this name. */
export function hasOutput(reference: string, output: string): boolean {
  const task = own.get(reference);
  if (task === undefined) return false;
  const families = task.restrictions.settableVariables.allowed.filter((name) => name.endsWith('_*'));
  return (
    task.outputVariables.some(({ name }) => name === output) ||
    families.some((family) => output.startsWith(family.slice(0, -1)) && output.length >= family.length)
  );
}

/** The inputs of a task that name a service connection. */
export function connectionInputs(reference: string): string[] {
  const inputs = own.get(reference)?.inputs ?? [];
  return inputs.filter(({ type }) => type.startsWith('connectedService')).map(({ name }) => name);
}
