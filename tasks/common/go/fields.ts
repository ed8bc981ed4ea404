import { TaskError } from '../task/outcome.ts';
import { shown } from '../text/shown.ts';
import { floatText } from './scalars.ts';
import type { GoYamlValue } from './yaml.ts';

/**
 * Turns a YAML value into a field's value, undefined if it is empty. Go decodes into what the field holds already
 * (`before`): null leaves a text as it was, and a second list is laid over the first item by item.
 * @param at where it stands, for messages: `Chart.yaml: maintainers[0].name`
 */
export type Decode<T> = (value: GoYamlValue, at: string, before: T | undefined) => T | undefined;

/** How each field of a struct is decoded, by its name in the file. */
export type Decoders<T> = { readonly [K in keyof T]-?: Decode<Exclude<T[K], undefined>> };

/** Text; numbers and booleans are turned to text, as sigs.k8s.io/yaml does for a field of type string. */
export const text: Decode<string> = (value, at, before) => {
  if (value === null) return before;
  if (typeof value === 'object') throw wrongKind(at, 'text', value);
  return (typeof value === 'number' ? floatText(value) : String(value)) || undefined;
};

/** Text as Helm cleans it: white space becomes blanks; what Go's unicode.IsPrint does not count as printable goes. */
export const cleanText: Decode<string> = (value, at, before) => {
  const blanks = text(value, at, before)?.replaceAll(/\p{White_Space}/gu, ' ');
  return blanks?.replaceAll(/[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, '') || undefined;
};

export const flag: Decode<true> = (value, at, before) => {
  if (value === null) return before;
  if (typeof value !== 'boolean') throw wrongKind(at, 'true or false', value);
  return value || undefined;
};

export const textMap: Decode<Record<string, string>> = (value, at, before = {}) => {
  if (value === null) return undefined;
  const given = entriesOf(value, at).map(
    ([key, item]) => [key, text(item, memberOf(at, key), undefined) ?? ''] as const,
  );
  const entries = [...Object.entries(before), ...given];
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
};

/** @param empty stands for an item that is empty */
export function list<T>(item: Decode<T>, empty: T): Decode<T[]> {
  return (value, at, before = []) => {
    if (value === null) return undefined;
    if (!Array.isArray(value)) throw wrongKind(at, 'a list', value);
    const items = value.map((each, index) => item(each, `${at}[${index}]`, before[index]) ?? empty);
    return items.length > 0 ? items : undefined;
  };
}

/** A mapping with known fields, named in any case; others are dropped and empty fields left out. */
export function struct<T>(decoders: Decoders<T>): Decode<Partial<T>>;
export function struct(decoders: Decoders<Record<string, unknown>>): Decode<Record<string, unknown>> {
  return (value, at, before = {}) => {
    // In the order of the keys, as Go passes a mapping on: of `Name` and `name` the latter is decoded last and wins.
    const entries = entriesOf(value, at).sort(([a], [b]) => (a < b ? -1 : 1));
    const fields = Object.entries(decoders).map(([name, decode]) => {
      const given = entries.filter(([key]) => isField(key, name));
      return [name, given.reduce((held, [, next]) => decode(next, memberOf(at, name), held), before[name])] as const;
    });
    return Object.fromEntries(fields.filter(([, held]) => held !== undefined));
  };
}

/**
 * Whether Go's encoding/json takes a key for a field: in any case, and with the two characters beyond ASCII that Unicode
 * folds to a letter of it, the long s (U+017F) and the Kelvin sign (U+212A).
 * @param name of ASCII letters
 */
export function isField(key: string, name: string): boolean {
  return key.replaceAll('\u017f', 's').toLowerCase() === name.toLowerCase();
}

function entriesOf(value: GoYamlValue, at: string): [string, GoYamlValue][] {
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongKind(at, 'a mapping', value);
  return Object.entries(value);
}

function memberOf(at: string, name: string): string {
  return at.includes(': ') ? `${at}.${name}` : `${at}: ${name}`;
}

function wrongKind(at: string, wanted: string, value: GoYamlValue): TaskError {
  const seen = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : shown(String(value));
  return new TaskError(`${at} must be ${wanted}, but it is ${seen}.`);
}
