import type { JSONSchema } from 'azure-pipelines-language-service';
import type { TaskInput, TaskJson } from '../generate/task-json.ts';

/** The service's schema of pipelines, as far as it is added to. */
export interface ServiceSchema {
  readonly definitions: {
    readonly task: { readonly properties: { readonly task: Choice }; readonly anyOf: JSONSchema[] };
    readonly trigger: Choice;
    readonly pr: Choice;
  };
}

interface Choice {
  readonly anyOf: JSONSchema[];
}

/** The steps that the preview names by the id of what plays them, and the inputs that it gives them. */
const builtIn: Readonly<Record<string, readonly string[]>> = {
  '6d15af64-176c-496d-b583-fd2ae21d4df4@1': [
    'repository',
    'clean',
    'fetchDepth',
    'fetchTags',
    'lfs',
    'submodules',
    'path',
    'persistCredentials',
  ],
  'ecdc45f6-832d-4ad9-b52b-ee49e94659be@1': ['path', 'artifactName'],
  '30f35852-3f7e-4c0c-9a88-e127b4f97211@1': ['alias', 'artifact', 'patterns', 'path'],
};

/** Reads the text of the service's schema. Throws when it is no JSON, or does not have the parts that are added to. */
export function readSchema(text: string): ServiceSchema {
  const schema: unknown = JSON.parse(text);
  if (!isServiceSchema(schema))
    throw new Error('it lacks the definitions task, trigger and pr of the schema of pipelines');
  return schema;
}

function isServiceSchema(value: unknown): value is ServiceSchema {
  const task = at(at(value, 'definitions'), 'task');
  const lists = [
    at(task, 'anyOf'),
    at(at(at(task, 'properties'), 'task'), 'anyOf'),
    ...['trigger', 'pr'].map((name) => at(at(at(value, 'definitions'), name), 'anyOf')),
  ];
  return lists.every((list) => Array.isArray(list));
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}

/** Adds what the schema of one organisation would have: the extension's tasks; and what the preview alone writes. */
export function extendSchema({ definitions }: ServiceSchema, tasks: readonly TaskJson[]): void {
  const { task, trigger, pr } = definitions;
  const add = (reference: string, properties: Record<string, JSONSchema>): void => {
    task.properties.task.anyOf.push({ enum: [reference], ignoreCase: 'value' });
    const inputs: JSONSchema = { type: 'object', properties, additionalProperties: false };
    const step = { task: { pattern: `^${reference}$`, ignoreCase: 'value' }, inputs };
    task.anyOf.push({ properties: step, firstProperty: ['task'], required: ['task'] });
  };
  for (const { name, version, inputs } of tasks) {
    add(`${name}@${version.Major}`, Object.fromEntries(inputs.map((input) => [input.name, schemaOf(input)])));
  }
  for (const [reference, names] of Object.entries(builtIn)) {
    add(reference, Object.fromEntries(names.map((name) => [name, {}])));
  }
  const never = { enabled: { type: 'boolean' } };
  for (const { anyOf } of [trigger, pr]) anyOf.push({ type: 'object', properties: never, additionalProperties: false });
}

/** A pick list may be filled by an expression or a macro, too, which the service reads later. */
function schemaOf({ type, options }: TaskInput): JSONSchema {
  if (type !== 'pickList' || options === undefined) return { ignoreCase: 'key' };
  const later = { type: 'string', pattern: String.raw`\$[({]` };
  return { anyOf: [{ enum: Object.keys(options), ignoreCase: 'value' }, later], ignoreCase: 'key' };
}
