import type { TaskInput, TaskJson } from '../../../scripts/generate/task-json.ts';

/** A task.json with these inputs and outputs. */
export function smallTask(inputs: readonly Partial<TaskInput>[], outputs: readonly string[] = []): TaskJson {
  const handlers = { Node20_1: { target: 'index.js' }, Node24: { target: 'index.js' } };
  return {
    id: '11111111-1111-4111-8111-111111111111',
    name: 'SmallTask',
    friendlyName: 'Small task',
    description: 'Does little',
    helpMarkDown: '[Page](https://example.com)',
    version: { Major: 1, Minor: 0, Patch: 0 },
    groups: [],
    inputs: inputs.map((input) => ({ name: 'x', type: 'string', label: '', helpMarkDown: 'What it is.', ...input })),
    outputVariables: outputs.map((name) => ({ name, description: `The ${name} | of it.` })),
    restrictions: { settableVariables: { allowed: outputs } },
    execution: handlers,
  };
}
