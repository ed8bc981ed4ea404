import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Picker, type TaskInput, type TaskJson, tasksFolder } from './task-json.ts';

/** What tasks/shared-inputs.json says of an input that several tasks have. */
export interface SharedInput {
  /** Label and help may hold words in braces, such as `{may}`, which each task fills. */
  readonly input: Omit<TaskInput, 'name' | 'groupName'>;
  /** What fills its list in the editor. */
  readonly picker?: Omit<Picker, 'target'>;
  /** The tasks that have it. */
  readonly tasks: Readonly<Record<string, OwnPart>>;
}

/** What one task says otherwise. */
interface OwnPart {
  readonly words?: Readonly<Record<string, string>>;
  /** Fields in the place of the shared ones; null where the task has none. */
  readonly instead?: Readonly<Record<string, unknown>>;
}

export type SharedInputs = Readonly<Record<string, SharedInput>>;

export function readSharedInputs(): SharedInputs {
  return JSON.parse(readFileSync(path.join(tasksFolder, 'shared-inputs.json'), 'utf8')) as SharedInputs;
}

/**
 * The task with its shared inputs as they are defined once. Which input stands in which group, and where, stays the task's.
 * @throws Error when a task has a shared input that is not defined for it, lacks one that is, or leaves words unfilled.
 */
export function withSharedInputs(task: TaskJson, shared: SharedInputs): TaskJson {
  for (const [name, { tasks }] of Object.entries(shared)) {
    const has = task.inputs.some((input) => input.name === name);
    if (has === task.name in tasks) continue;
    throw new Error(
      has
        ? `${task.name} has the input ${name}, but tasks/shared-inputs.json does not name the task there.`
        : `tasks/shared-inputs.json gives ${task.name} the input ${name}, which its task.json lacks.`,
    );
  }
  const inputs = task.inputs.map((input) => expanded(input, task.name, shared[input.name]));
  const pickers = (task.dataSourceBindings ?? []).map((picker) => {
    const common = shared[picker.target]?.picker;
    return common === undefined ? picker : { target: picker.target, ...common };
  });
  return { ...task, inputs, ...(task.dataSourceBindings !== undefined && { dataSourceBindings: pickers }) };
}

function expanded(own: TaskInput, task: string, shared: SharedInput | undefined): TaskInput {
  if (shared === undefined) return own;
  const { words = {}, instead = {} } = shared.tasks[task] ?? {};
  const { type, label, defaultValue, required, helpMarkDown, ...others } = { ...shared.input, ...instead };
  const { name, groupName } = own;
  const ordered = { name, type, label: filled(label), defaultValue, required, helpMarkDown: filled(helpMarkDown) };
  const given = Object.entries({ ...ordered, groupName, ...others }).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as unknown as TaskInput;

  function filled(text: string): string {
    return text.replace(/\{(\w+)\}/g, (_all, word: string) => {
      const found = words[word];
      if (found === undefined)
        throw new Error(`tasks/shared-inputs.json has no word {${word}} of ${name} for ${task}.`);
      return found;
    });
  }
}
