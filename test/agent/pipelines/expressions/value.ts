import type { Place } from '../yaml/refusal.ts';
import { scalar, type MappingToken, type SequenceToken, type Token } from '../yaml/token.ts';

/** A version literal of two to four parts. */
export class Version {
  constructor(readonly parts: readonly number[]) {}

  toString(): string {
    return this.parts.join('.');
  }
}

/** What an expression has; arrays and objects are the tokens themselves, so that they compare by reference. */
export type Value = null | boolean | number | string | Version | SequenceToken | MappingToken;

/** What a value is, by the service's name for it. */
export type Kind = 'Null' | 'Boolean' | 'Number' | 'String' | 'Version' | 'Array' | 'Object';

/** What a value is. */
export function kindOf(value: Value): Kind {
  if (value === null) return 'Null';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number') return 'Number';
  if (typeof value === 'string') return 'String';
  if (value instanceof Version) return 'Version';
  return value.kind === 'sequence' ? 'Array' : 'Object';
}

/** A token as a value: scalars are strings, but for a parameter's own value. */
export function valueOfToken(token: Token): Value {
  return token.kind === 'scalar' ? (token.typed ?? token.text) : token;
}

/** Arrays and objects. */
export function isCollection(value: Value | undefined): value is SequenceToken | MappingToken {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** The items of an array, or the values of an object. */
export function membersOf(value: Value | undefined): Value[] {
  if (!isCollection(value)) return [];
  return (value.kind === 'sequence' ? value.items : value.pairs.map((pair) => pair.value)).map(valueOfToken);
}

/** Where what an expression makes stands: nowhere. */
export const nowhere: Place = { file: '', line: 0, column: 0 };

/** A value as a token. */
export function tokenOf(value: Value, at: Place = nowhere): Token {
  if (isCollection(value)) return value;
  const token = scalar(toText(value) ?? '', at);
  return typeof value === 'boolean' || typeof value === 'number' ? { ...token, typed: value } : token;
}

/** An expression that cannot be worked out, in the service's words. */
export class ExpressionError extends Error {}

/** Null, false, 0 and '' are false; an empty array or object is true. */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

/** A number as .NET's format `0.#######` gives it, which the service's expressions use: 1.0 is 1, no exponents. */
export function numberText(value: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString();
  const text = value.toFixed(7).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** A value as text, Null as empty; undefined for arrays and objects, which have none. */
export function toText(value: Value): string | undefined {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return value;
  return value instanceof Version ? value.toString() : undefined;
}

/** A value as a number, Null and '' as 0; undefined for what has none. */
export function toNumber(value: Value): number | undefined {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return 0;
  // .NET's styles: a sign, thousands, a decimal point; neither exponent nor hex.
  return /^[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text.replaceAll(',', '')) : undefined;
}

/** A value as a version; undefined for what has none. */
export function toVersion(value: Value): Version | undefined {
  if (value instanceof Version) return value;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = typeof value === 'number' ? numberText(value) : value.trim();
  return /^\d+(?:\.\d+){1,3}$/.test(text) ? new Version(text.split('.').map(Number)) : undefined;
}

function cannot(value: Value, to: Kind): ExpressionError {
  return new ExpressionError(`Unable to convert from ${kindOf(value)} to ${to}. Value: ${shown(value)}`);
}

function shown(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Version) return `v${value.toString()}`;
  return value === null || isCollection(value) ? kindOf(value) : (toText(value) ?? '');
}

/** The same as toText, but throws ExpressionError where there is none. */
export function needText(value: Value): string {
  const text = toText(value);
  if (text === undefined) throw cannot(value, 'String');
  return text;
}

/** The same as toNumber, but throws ExpressionError where there is none. */
export function needNumber(value: Value): number {
  const number = toNumber(value);
  if (number === undefined) throw cannot(value, 'Number');
  return number;
}

/** The same as toVersion, but throws ExpressionError where there is none. */
export function needVersion(value: Value): Version {
  const version = toVersion(value);
  if (version === undefined) throw cannot(value, 'Version');
  return version;
}
