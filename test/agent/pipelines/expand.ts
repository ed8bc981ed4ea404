import path from 'node:path';
import type { Value } from './expressions/value.ts';
import { printed } from './preview/print.ts';
import { PipelineShape } from './shapes/pipeline.ts';
import { Expander } from './templates/expander.ts';
import { Files } from './templates/files.ts';
import { parametersOf } from './templates/parameters.ts';
import { fromJson } from './templates/types.ts';
import { Complaints, NotSupported } from './yaml/refusal.ts';
import { mapping, valueOf, type MappingToken, type Token } from './yaml/token.ts';

export interface Expansion {
  /** The entry file, within `root`. */
  readonly file: string;
  /** The folder of the pipeline's repository; without it the entry file's. */
  readonly root?: string;
  /** Folders of other repositories by alias. */
  readonly repositories?: ReadonlyMap<string, string>;
  /** Values given at queue time. */
  readonly parameters?: unknown;
}

/** Expands a pipeline and prints it as the service's preview does. Throws Refused in the service's words, or NotSupported. */
export function expandPipeline(expansion: Expansion): string {
  return printed(expandedPipeline(expansion));
}

/** The same pipeline as a token, in the form of the preview. */
export function expandedPipeline({ file, root, repositories, parameters }: Expansion): Token {
  const folder = path.resolve(root ?? path.dirname(file));
  const name = `/${path.relative(folder, path.resolve(file)).split(path.sep).join('/')}`;
  const complaints = new Complaints();
  const files = new Files(folder, repositories ?? new Map(), complaints);
  const entry = files.open(folder, name, 'self', name);
  complaints.check();
  if (entry?.kind !== 'mapping') throw new NotSupported('a file that is no mapping');
  const given = fromJson(parameters ?? {}, { file: name, line: 1, column: 1 });
  const values = parametersOf(
    valueOf(entry, 'parameters'),
    given.kind === 'mapping' ? given : undefined,
    name,
    complaints,
    true,
  );
  complaints.check();
  return expanded(entry, values, files, complaints);
}

function expanded(
  entry: MappingToken,
  values: ReadonlyMap<string, Value>,
  files: Files,
  complaints: Complaints,
): Token {
  const apart = new Set(['parameters', 'trigger', 'pr', 'schedules']);
  files.declare(valueOf(entry, 'resources'));
  const expander = new Expander(files, complaints);
  const scope = { parameters: values, variables: new Map<string, Value>(), locals: new Map<string, Value>() };
  for (const { key, value } of entry.pairs)
    if (apart.has(key.text) && key.text !== 'parameters') constant(value, complaints);
  const body = expander.expand(
    mapping(
      entry.pairs.filter(({ key }) => !apart.has(key.text)),
      entry.at,
    ),
    scope,
    'root',
  );
  const kept = entry.pairs.filter(({ key }) => apart.has(key.text));
  const pairs = [...kept, ...(body.kind === 'mapping' ? body.pairs : [])];
  complaints.check();
  const root = extended(mapping(pairs, entry.at), expander);
  complaints.check();
  const result = new PipelineShape(complaints).pipeline(root);
  complaints.check();
  return result;
}

/** `extends` gives way to what its template holds. */
function extended(root: MappingToken, expander: Expander): MappingToken {
  const reference = valueOf(root, 'extends');
  if (!reference) return root;
  const may = [
    'extends',
    'trigger',
    'pr',
    'schedules',
    'resources',
    'variables',
    'parameters',
    'pool',
    'name',
    'lockBehavior',
    'appendCommitMessageToRunName',
  ];
  for (const { key } of root.pairs)
    if (!may.includes(key.text)) expander.complaints.add(`Unexpected value '${key.text}'`, key.at);
  const template = expander.template(reference, undefined);
  const own = root.pairs.filter(({ key }) => key.text !== 'extends');
  if (template?.kind !== 'mapping') return mapping(own, root.at);
  if (valueOf(template, 'extends')) throw new NotSupported('a template that extends another one');
  for (const { key } of template.pairs) {
    if (own.some((pair) => pair.key.text === key.text))
      throw new NotSupported(`'${key.text}' in both the entry file and the template that it extends`);
  }
  return mapping([...own, ...template.pairs], root.at);
}

/** Where expressions are not allowed. */
function constant(token: Token, complaints: Complaints): void {
  if (token.kind === 'scalar') {
    if (token.text.includes('${{')) complaints.add('A template expression is not allowed in this context', token.at);
  } else if (token.kind === 'sequence') for (const item of token.items) constant(item, complaints);
  else for (const { value } of token.pairs) constant(value, complaints);
}
