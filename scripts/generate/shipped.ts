import type { TaskJson } from './task-json.ts';

/** Names that users' pipelines rely on, by `Task@major`. */
export type Shipped = Record<string, { readonly id: string; readonly inputs: string[]; readonly outputs: string[] }>;

/** The record with the names of today added. */
export function grown(shipped: Shipped, tasks: readonly TaskJson[]): Shipped {
  const result: Shipped = { ...shipped };
  for (const task of tasks) {
    const key = keyOf(task);
    const before = shipped[key];
    result[key] = {
      id: before?.id ?? task.id,
      inputs: union(before?.inputs, task.inputs),
      outputs: union(before?.outputs, task.outputVariables),
    };
  }
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What shipped once and is gone or changed now: each a broken promise, in a sentence. */
export function broken(shipped: Shipped, tasks: readonly TaskJson[]): string[] {
  const found = new Map(tasks.map((task) => [keyOf(task), task]));
  return Object.entries(shipped).flatMap(([key, names]) => {
    const task = found.get(key);
    if (!task) return [`${key} shipped and is gone.`];
    const inputs = new Set(task.inputs.map((input) => input.name));
    const outputs = new Set(task.outputVariables.map((output) => output.name));
    return [
      ...(task.id === names.id ? [] : [`${key} shipped with the id ${names.id} and has ${task.id} now.`]),
      ...names.inputs.filter((name) => !inputs.has(name)).map((name) => `${key} shipped with the input ${name}.`),
      ...names.outputs.filter((name) => !outputs.has(name)).map((name) => `${key} shipped with the output ${name}.`),
    ];
  });
}

const keyOf = (task: TaskJson): string => `${task.name}@${task.version.Major}`;

function union(before: readonly string[] | undefined, now: readonly { readonly name: string }[]): string[] {
  return [...new Set([...(before ?? []), ...now.map((entry) => entry.name)])].sort();
}
