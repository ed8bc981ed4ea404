import type { Token } from '../yaml/token.ts';
import { isCollection, toText, valueOfToken, type Value } from './value.ts';

/** `convertToJson`: two spaces a level, keys as they were written; scalars of a file are strings. */
export function jsonOf(value: Value, indent = ''): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'number') return (toText(value) ?? '').toLowerCase();
  if (!isCollection(value)) return JSON.stringify(toText(value));
  const deeper = `${indent}  `;
  const json = (token: Token): string => jsonOf(valueOfToken(token), deeper);
  const [open, close] = value.kind === 'sequence' ? ['[', ']'] : ['{', '}'];
  const lines =
    value.kind === 'sequence'
      ? value.items.map(json)
      : value.pairs.map((pair) => `${JSON.stringify(pair.key.text)}: ${json(pair.value)}`);
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.map((line) => `${deeper}${line}`).join(',\n')}\n${indent}${close}`;
}
