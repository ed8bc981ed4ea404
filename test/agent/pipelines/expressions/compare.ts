import {
  isTrue,
  needNumber,
  needText,
  needVersion,
  toNumber,
  toText,
  toVersion,
  Version,
  type Value,
} from './value.ts';

/** `eq`: the right side becomes what the left is; what cannot become that is not equal. Strings ignore case. */
export function equal(left: Value, right: Value): boolean {
  if (left === null) return right === null || right === '';
  if (typeof left === 'boolean') return left === isTrue(right);
  if (typeof left === 'number') return left === toNumber(right);
  if (typeof left === 'string') return folded(left) === folded(toText(right));
  if (left instanceof Version) {
    const other = toVersion(right);
    return other !== undefined && orderVersions(left, other) === 0;
  }
  return left === right;
}

/** `lt` and the like: below, at or above zero; what cannot be converted is an error. */
export function order(left: Value, right: Value): number {
  if (typeof left === 'boolean') return Number(left) - Number(isTrue(right));
  if (typeof left === 'string') return orderTexts(upperCase(left), upperCase(needText(right)));
  if (left instanceof Version) return orderVersions(left, needVersion(right));
  return needNumber(left) - needNumber(right);
}

/** A string without its letters' case. */
export function folded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : upperCase(text);
}

/** .NET's upper case: a letter that would become two, as `ß`, stays. */
export function upperCase(text: string): string {
  return Array.from(text, (letter) => {
    const upper = letter.toUpperCase();
    return upper.length === letter.length ? upper : letter;
  }).join('');
}

function orderTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function orderVersions(left: Version, right: Version): number {
  for (let index = 0; index < 4; index += 1) {
    // .NET: a part that is not there is below zero.
    const difference = (left.parts[index] ?? -1) - (right.parts[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
