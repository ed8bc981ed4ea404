import type { Token } from '../yaml/token.ts';
import { numberText, Version, type Value } from './value.ts';

/** `convertToJson`: two spaces a level; scalars of a file are strings. */
export function jsonOf(value: Value): string {
  return JSON.stringify(plain(value), undefined, 2);
}

function plain(value: Value): unknown {
  if (value instanceof Version) return value.toString();
  if (typeof value === 'number') return Number(numberText(value));
  if (typeof value !== 'object' || value === null) return value;
  return plainToken(value);
}

function plainToken(token: Token): unknown {
  if (token.kind === 'scalar') return token.text;
  if (token.kind === 'sequence') return token.items.map(plainToken);
  return Object.fromEntries(token.pairs.map((pair) => [pair.key.text, plainToken(pair.value)]));
}
