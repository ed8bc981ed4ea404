import path from 'node:path';
import { connectionIds } from './connection-input.ts';
import { expandMacros } from './macros.ts';
import { PipelineError } from './pipeline-error.ts';
import type { ServiceConnection } from './service-connections.ts';
import type { TaskDefinition, TaskInput } from './task-definition.ts';
import type { Variables } from './variables.ts';
import { isVisible } from './visible-rule.ts';

export interface InputSources {
  readonly definition: TaskDefinition;
  /** Inputs of the step as the pipeline writes them, by name or alias. */
  readonly given: Readonly<Record<string, string>>;
  readonly connections: readonly ServiceConnection[];
  readonly variables: Variables;
  /** Environment of the agent's process, for `$(NAME)` that is no variable. */
  readonly machine: Readonly<Record<string, string>>;
  readonly sourcesFolder: string;
}

/**
 * The inputs as the task receives them: defaults, then what the step gives, trimmed and expanded; file paths rooted at the
 * sources; service connections by id. A value outside a pick list is passed on, as the real agent does.
 * @returns values by the name in task.json
 * @throws PipelineError for an unknown input, a required one without value, or an unknown service connection
 */
export function resolveInputs(sources: InputSources): Map<string, string> {
  const { definition, connections, variables, machine } = sources;
  const inputs = definition.inputs ?? [];
  const values = new Map(inputs.map((input) => [input.name, String(input.defaultValue ?? '').trim()]));
  for (const [name, value] of stepInputs(sources)) values.set(name, value.trim());
  for (const input of inputs) {
    requireValue(definition, input, values);
    const text = values.get(input.name) ?? '';
    values.set(input.name, connectionIds(input, variables.expand(text), connections) ?? text);
  }
  for (const [name, value] of values) {
    values.set(
      name,
      expandMacros(variables.expand(value), (key) => machine[key]),
    );
  }
  for (const { name } of inputs.filter((input) => input.type?.toLowerCase() === 'filepath')) {
    values.set(name, path.resolve(sources.sourcesFolder, values.get(name) ?? ''));
  }
  return values;
}

function stepInputs({ definition, given }: InputSources): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(given)) {
    const wanted = key.trim().toLowerCase();
    const input = definition.inputs?.find(({ name, aliases = [] }) =>
      [name, ...aliases].some((candidate) => candidate.toLowerCase() === wanted),
    );
    if (input === undefined) throw new PipelineError(`Task ${definition.name} has no input '${key}'.`);
    if (found.has(input.name)) throw new PipelineError(`Input '${input.name}' is given twice, once as '${key}'.`);
    found.set(input.name, value);
  }
  return found;
}

function requireValue(definition: TaskDefinition, input: TaskInput, values: ReadonlyMap<string, string>): void {
  if (input.required !== true || values.get(input.name) !== '') return;
  const { visibleRule } = input;
  const shown = visibleRule === undefined || isVisible(visibleRule, (name) => values.get(name) ?? '');
  if (shown) throw new PipelineError(`Task ${definition.name}: input '${input.name}' is required.`);
}
