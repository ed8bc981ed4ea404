import { NotSupported, type Place } from '../yaml/refusal.ts';
import { textOf, valueOf, type MappingToken, type Token } from '../yaml/token.ts';

// Fields of an expanded pipeline. Its form is checked by the expander, so what has another one here is something that this
// runner does not know yet.

/** A text, undefined where there is none. */
export function text(token: Token, key: string): string | undefined {
  const value = valueOf(token, key);
  if (value !== undefined && value.kind !== 'scalar') throw unknownForm(key, value.at);
  return value?.text;
}

/** The text that a place cannot do without. */
export function needed(token: Token, key: string): string {
  const value = textOf(token, key);
  if (value === undefined) throw unknownForm(key, token.at);
  return value;
}

export function flag(token: Token, key: string, fallback: boolean): boolean {
  const value = text(token, key)?.toLowerCase();
  if (value === undefined || value === '') return fallback;
  if (value !== 'true' && value !== 'false') throw new NotSupported(`${key}: ${value}, which is not true or false`);
  return value === 'true';
}

/** A whole number, 0 where there is none. */
export function count(token: Token, key: string): number {
  const value = text(token, key) ?? '0';
  if (!/^\d+$/.test(value)) throw new NotSupported(`${key}: ${value}, which is not a whole number`);
  return Number(value);
}

/** The mappings of a list. */
export function items(token: Token, key: string): MappingToken[] {
  return entries(valueOf(token, key), key).map((item) => {
    if (item.kind !== 'mapping') throw unknownForm(key, item.at);
    return item;
  });
}

/** The texts of a list; undefined where there is none. */
export function texts(token: Token, key: string): string[] | undefined {
  const value = valueOf(token, key);
  if (value === undefined) return undefined;
  return entries(value, key).map((item) => {
    if (item.kind !== 'scalar') throw unknownForm(key, item.at);
    return item.text;
  });
}

/** Names and texts of a mapping. */
export function record(token: Token, key: string): Record<string, string> {
  const value = valueOf(token, key);
  if (value === undefined || (value.kind === 'scalar' && value.text === '')) return {};
  if (value.kind !== 'mapping') throw unknownForm(key, value.at);
  return Object.fromEntries(value.pairs.map((pair) => [pair.key.text, needed(value, pair.key.text)]));
}

/** Fields that an object has or has not: those without a value are left out. */
export function given<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<T>;
}

function entries(value: Token | undefined, key: string): readonly Token[] {
  if (value === undefined || (value.kind === 'scalar' && value.text === '')) return [];
  if (value.kind !== 'sequence') throw unknownForm(key, value.at);
  return value.items;
}

function unknownForm(key: string, { file, line, column }: Place): NotSupported {
  return new NotSupported(`this form of '${key}' in ${file} (Line: ${line}, Col: ${column})`);
}
