import { readdirSync, readFileSync, existsSync } from 'node:fs';
import path from 'node:path';

export interface TaskInput {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
  readonly visibleRule?: string;
  readonly helpMarkDown: string;
  readonly groupName?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface TaskOutput {
  readonly name: string;
  readonly description: string;
}

/** What fills the list of an input in the editor: the server's dataSourceBinding. */
export interface Picker {
  readonly target: string;
  readonly [field: string]: unknown;
}

interface Handler {
  readonly target: string;
}

export interface TaskJson {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly helpMarkDown: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly groups: readonly { readonly name: string; readonly displayName: string }[];
  readonly inputs: readonly TaskInput[];
  readonly dataSourceBindings?: readonly Picker[];
  readonly outputVariables: readonly TaskOutput[];
  readonly restrictions: { readonly settableVariables: { readonly allowed: readonly string[] } };
  readonly execution: Readonly<Record<string, Handler>>;
  readonly postjobexecution?: Readonly<Record<string, Handler>>;
}

export const root = path.resolve(import.meta.dirname, '../..');
export const tasksFolder = path.join(root, 'tasks');

/** Every task's task.json, by name. */
export function readTasks(): TaskJson[] {
  return readdirSync(tasksFolder)
    .map((folder) => path.join(tasksFolder, folder, 'task.json'))
    .filter((file) => existsSync(file))
    .sort()
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as TaskJson);
}
