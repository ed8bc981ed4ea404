import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PipelineError } from './pipeline-error.ts';
import type { RestrictionSettings } from './restrictions.ts';

export interface TaskInput {
  readonly name: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly defaultValue?: string | boolean | number;
  readonly aliases?: readonly string[];
  readonly visibleRule?: string;
}

interface Handler {
  readonly target: string;
  readonly workingDirectory?: string;
}

type Handlers = Readonly<Record<string, Handler>>;

/** The part of task.json that the agent and the server act on. */
export interface TaskDefinition {
  readonly id: string;
  readonly name: string;
  readonly friendlyName?: string;
  readonly description?: string;
  readonly author?: string;
  readonly helpUrl?: string;
  readonly helpMarkDown?: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly inputs?: readonly TaskInput[];
  readonly outputVariables?: readonly { readonly name: string }[];
  readonly restrictions?: RestrictionSettings;
  readonly execution?: Handlers;
  readonly postjobexecution?: Handlers;
}

/** Lower is preferred: a task with both gets its Node24 target, even where the binary is Node 20. */
const handlerPriority = ['Node24', 'Node20_1', 'Node16', 'Node10', 'Node'];

/** Reads task.json of a built task. Throws when the file is missing or no JSON, as the agent fails to load such a task. */
export async function readTaskDefinition(folder: string): Promise<TaskDefinition> {
  const file = path.join(folder, 'task.json');
  const definition = JSON.parse(await readFile(file, 'utf8')) as Partial<TaskDefinition>;
  for (const key of ['id', 'name', 'version'] as const) {
    if (definition[key] === undefined) throw new PipelineError(`${file} has no ${key}.`);
  }
  return definition as TaskDefinition;
}

/** The handler that the agent runs for a stage of the task. Throws when there is none for Node. */
export function chooseHandler(definition: TaskDefinition, stage: 'execution' | 'postjobexecution'): Handler {
  const handlers = definition[stage] ?? {};
  const handler = handlerPriority.map((name) => handlers[name]).find((candidate) => candidate !== undefined);
  if (handler === undefined) throw new PipelineError(`Task ${definition.name} has no Node handler in ${stage}.`);
  return handler;
}

export function versionOf({ version }: TaskDefinition): string {
  return `${version.Major}.${version.Minor}.${version.Patch}`;
}
