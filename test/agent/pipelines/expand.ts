import path from 'node:path';
import { ofManualRun } from './expressions/predefined.ts';
import type { Value } from './expressions/value.ts';
import { printed } from './preview/print.ts';
import { PipelineShape } from './shapes/pipeline.ts';
import { validate } from './shapes/validation.ts';
import { constant, withConstants } from './templates/constants.ts';
import { Expander } from './templates/expander.ts';
import { extended, type ExtendedTemplate } from './templates/extends.ts';
import { Files } from './templates/files.ts';
import type { Sight } from './templates/sight.ts';
import { fromJson } from './templates/types.ts';
import { Complaints, NotSupported } from './yaml/refusal.ts';
import { mapping, valueOf, type MappingToken, type Token } from './yaml/token.ts';

/** A pipeline to expand, and what the service would know of it beside its files. */
export interface Expansion {
  /** The entry file, within `root`. */
  readonly file: string;
  /** The folder of the pipeline's repository; without it the entry file's. */
  readonly root?: string;
  /** Folders of other repositories by alias. */
  readonly repositories?: ReadonlyMap<string, string>;
  /** Values given at queue time. */
  readonly parameters?: unknown;
  /** Predefined variables beside those of a manual run on the branch main. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Expands a pipeline and prints it as the service's preview does. Throws Refused in the service's words, or NotSupported. */
export function expandPipeline(expansion: Expansion): string {
  return printed(expandedPipeline(expansion));
}

/** An expanded pipeline, and the template that it extends. */
export type ExpandedPipeline = Token & { readonly extended?: ExtendedTemplate };

/** The same pipeline as a token, in the form of the preview. */
export function expandedPipeline(expansion: Expansion): ExpandedPipeline {
  const folder = path.resolve(expansion.root ?? path.dirname(expansion.file));
  const name = `/${path.relative(folder, path.resolve(expansion.file)).split(path.sep).join('/')}`;
  const complaints = new Complaints();
  const files = new Files(folder, expansion.repositories ?? new Map(), complaints);
  const entry = entryFile(files.open(folder, name, 'self', name), complaints);
  files.declare(valueOf(entry, 'resources'));
  const expander = new Expander(files, complaints);
  const variables = Object.entries({ ...ofManualRun, ...expansion.variables });
  const known = new Map(variables.map(([key, value]): [string, Value] => [key.toLowerCase(), value]));
  const sight = { parameters: new Map(), variables: known, locals: new Map(), isResult: false };
  const values = fromJson(expansion.parameters ?? {}, { file: name, line: 1, column: 1 });
  const given = { values: values.kind === 'mapping' ? values : undefined, isEntry: true, where: name };
  const parameters = expander.parameters(valueOf(entry, 'parameters'), given, sight);
  complaints.check();
  return expanded(entry, { ...sight, parameters }, expander);
}

function entryFile(entry: Token | undefined, complaints: Complaints): MappingToken {
  if (entry?.kind === 'sequence') complaints.add('A sequence was not expected', entry.at);
  if (entry?.kind === 'scalar') complaints.add(`Unexpected value '${entry.text}'`, entry.at);
  complaints.check();
  if (entry?.kind !== 'mapping') throw new NotSupported('a pipeline without an entry file');
  return entry;
}

function expanded(entry: MappingToken, sight: Sight, expander: Expander): ExpandedPipeline {
  const { complaints } = expander;
  const { pairs } = withConstants(entry, complaints);
  const others = pairs.filter(({ key }) => !constant.has(key.text));
  const body = expander.expand(mapping(others, entry.at), sight, 'root');
  complaints.check();
  const kept = pairs.filter(({ key }) => constant.has(key.text));
  const root = mapping([...kept, ...(body.kind === 'mapping' ? body.pairs : [])], entry.at);
  const { root: whole, template } = extended(root, expander, sight);
  complaints.check();
  const result = new PipelineShape(complaints).pipeline(whole);
  complaints.check();
  validate(result);
  return template === undefined ? result : { ...result, extended: template };
}
