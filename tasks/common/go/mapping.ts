import { TaskError } from '../task/outcome.ts';
import { shown } from '../text/shown.ts';

/** A mapping in a document, with the names by which messages speak of it. */
export interface Fields {
  /** What the document is, such as `kubeconfig`. */
  readonly source: string;
  /** Where the mapping lies in it. */
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Texts in a kubeconfig are names, addresses and certificates; a bundle of authorities is the longest. */
const longestText = 256 * 1024;

/** @throws TaskError when the value is no mapping. */
export function fieldsOf(value: unknown, source: string, path = source): Fields {
  if (!isMapping(value)) throw new TaskError(`The ${source} is unusable: ${path} is no mapping.`);
  return { source, path, values: value };
}

/** The mapping in a field; undefined when there is none. @throws TaskError when the field holds something else. */
export function optionalFields(parent: Fields, name: string): Fields | undefined {
  const value = parent.values[name];
  return value === undefined || value === null ? undefined : fieldsOf(value, parent.source, `${parent.path}.${name}`);
}

/** The text in a field; undefined when there is none. @throws TaskError when the field holds something else. */
export function optionalText(parent: Fields, name: string): string | undefined {
  const value = parent.values[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && value.length <= longestText) return value;
  throw new TaskError(`The ${parent.source} is unusable: ${parent.path}.${name} is no text.`);
}

/** @throws TaskError when the field holds no text. */
export function requiredText(parent: Fields, name: string): string {
  const value = optionalText(parent, name);
  if (value === undefined) throw new TaskError(`The ${parent.source} is unusable: ${parent.path} has no ${name}.`);
  return value;
}

/** The texts in a list; none when there is no list. @throws TaskError when the field holds something else. */
export function texts(parent: Fields, name: string): string[] {
  const value = parent.values[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new TaskError(`The ${parent.source} is unusable: ${parent.path}.${name} is no list of texts.`);
}

/**
 * The mapping `value` of the entry with this name in a list of `{ name, <value> }`, as kubeconfigs keep everything.
 * @throws TaskError when there is no such entry.
 */
export function namedEntry(parent: Fields, list: string, name: string, value: string): Fields {
  const entries = parent.values[list];
  const found = Array.isArray(entries)
    ? entries.find((entry) => isMapping(entry) && entry['name'] === name)
    : undefined;
  if (!isMapping(found)) throw new TaskError(`The ${parent.source} is unusable: ${list} has no entry ${shown(name)}.`);
  return fieldsOf(found[value], parent.source, `${list}[${shown(name)}].${value}`);
}

/** Whether a parsed value is an object with names and values: no list, not null. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
