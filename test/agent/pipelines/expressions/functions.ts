import { scalar, sequence } from '../yaml/token.ts';
import { equal, order, upperCase } from './compare.ts';
import { formatted } from './format.ts';
import { jsonOf } from './json.ts';
import {
  ExpressionError,
  isCollection,
  isTrue,
  membersOf,
  needText,
  nowhere,
  toText,
  valueOfToken,
  type Value,
} from './value.ts';

/** A function that only a run has, as `succeeded` and `counter`. */
export interface FunctionOfRun {
  /** The least number of values that it takes. */
  readonly from: number;
  /** The largest. */
  readonly to: number;
  play(...values: Value[]): Value;
}

type Play = (...values: Value[]) => Value;

const many = Number.MAX_SAFE_INTEGER;

/** What is worked out of all values; `and`, `or`, `coalesce` stop early elsewhere (evaluate.ts) with the same result. */
const plays: Readonly<Record<string, readonly [from: number, to: number, play: Play]>> = {
  and: [2, many, (...values) => values.every(isTrue)],
  coalesce: [2, many, (...values) => values.find((value) => value !== null && value !== '') ?? null],
  contains: [2, 2, (within, text) => upper(within).includes(upper(text))],
  containsvalue: [2, 2, (within, value) => membersOf(within).some((member) => equal(value ?? null, member))],
  converttojson: [1, 1, (value) => jsonOf(value ?? null)],
  endswith: [2, 2, (text, end) => upper(text).endsWith(upper(end))],
  eq: [2, 2, (left, right) => equal(left ?? null, right ?? null)],
  format: [1, many, (form, ...values) => formatted(needText(form ?? null), values)],
  ge: [2, 2, (left, right) => order(left ?? null, right ?? null) >= 0],
  gt: [2, 2, (left, right) => order(left ?? null, right ?? null) > 0],
  iif: [3, 3, (test, yes, no) => (isTrue(test ?? null) ? (yes ?? null) : (no ?? null))],
  in: [2, many, (value, ...others) => others.some((other) => equal(value ?? null, other))],
  join: [2, 2, (separator, value) => joined(needText(separator ?? null), value ?? null)],
  le: [2, 2, (left, right) => order(left ?? null, right ?? null) <= 0],
  length: [1, 1, (value) => lengthOf(value ?? null)],
  lower: [1, 1, (value) => needText(value ?? null).toLowerCase()],
  lt: [2, 2, (left, right) => order(left ?? null, right ?? null) < 0],
  ne: [2, 2, (left, right) => !equal(left ?? null, right ?? null)],
  not: [1, 1, (value) => !isTrue(value ?? null)],
  notin: [2, many, (value, ...others) => !others.some((other) => equal(value ?? null, other))],
  or: [2, many, (...values) => values.some(isTrue)],
  replace: [3, 3, (text, from, to) => replaced(needText(text ?? null), needText(from ?? null), needText(to ?? null))],
  split: [2, 2, (text, by) => parts(needText(text ?? null), needText(by ?? null))],
  startswith: [2, 2, (text, start) => upper(text).startsWith(upper(start))],
  trim: [1, 1, (value) => needText(value ?? null).trim()],
  upper: [1, 1, (value) => upperCase(needText(value ?? null))],
  xor: [2, 2, (left, right) => isTrue(left ?? null) !== isTrue(right ?? null)],
};

/** How many values each function takes: from, to. */
export const arities: ReadonlyMap<string, readonly [number, number]> = new Map(
  Object.entries(plays).map(([name, [from, to]]) => [name, [from, to]]),
);

/** Calls a function by its name in lower case. */
export function call(name: string, values: readonly Value[]): Value {
  const [, , play] = plays[name] ?? [];
  if (!play) throw new ExpressionError(`Unrecognized value: '${name}'`);
  return play(...values);
}

function upper(value: Value | undefined): string {
  return upperCase(needText(value ?? null));
}

/** Complex items become ''; what is no array is itself. */
function joined(separator: string, value: Value): string {
  if (isCollection(value)) {
    if (value.kind === 'mapping') return '';
    return value.items.map((item) => toText(valueOfToken(item)) ?? '').join(separator);
  }
  return needText(value);
}

function lengthOf(value: Value): number {
  if (isCollection(value)) {
    return value.kind === 'sequence' ? value.items.length : value.pairs.length;
  }
  return needText(value).length;
}

function replaced(text: string, from: string, to: string): string {
  if (from === '') throw new ExpressionError("String cannot be of zero length. (Parameter 'oldValue')");
  return text.split(from).join(to);
}

function parts(text: string, by: string): Value {
  const cut = by === '' ? [text] : text.split(by);
  return sequence(
    cut.map((part) => scalar(part, nowhere)),
    nowhere,
  );
}
