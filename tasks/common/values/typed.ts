import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import type { PathValue } from './path.ts';
import type { Value } from './tree.ts';

/** From here on Go's templates print a number of a value file as `1e+06`. */
const firstWithExponent = 1_000_000n;

/**
 * The value that helm's --set takes a text for: true, false and null in any case, a whole number without a leading zero
 * that fits 64 bits, else the text itself (strvals typedVal).
 * @param texts the input for values that are always text, for messages
 * @param warn is told of values that are not what many expect
 * @throws TaskError for a whole number that would not arrive
 */
export function typed({ value, at }: PathValue, texts: Given<unknown>, warn: (text: string) => void): Value {
  // With these flags a long s counts as an s, as it does for Go's EqualFold.
  if (/^true$/iu.test(value)) return true;
  if (/^false$/iu.test(value)) return false;
  if (/^null$/iu.test(value)) return null;
  const whole = wholeNumber(value);
  if (whole === undefined) {
    warnOfHabits(value, at, warn);
    return value;
  }
  // helm makes floats of the numbers in value files; only those on its command line stay whole.
  if (BigInt(Number(whole)) !== whole)
    throw new TaskError(
      `${at} has the whole number ${whole}, and helm would make ${BigInt(Number(whole))} of it; give it as text in input ${texts.input}.`,
    );
  if (whole >= firstWithExponent || -whole >= firstWithExponent)
    warn(
      `${at} has a whole number of a million or more: where a template prints it without int64, helm writes it as ` +
        `${exponential(whole)}. If it is a name, such as the number of a build, give it in input ${texts.input}.`,
    );
  return whole;
}

function wholeNumber(text: string): bigint | undefined {
  if (text !== '0' && (!/^[+-]?\d{1,19}$/.test(text) || text.startsWith('0'))) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** A float as Go prints it. */
function exponential(whole: bigint): string {
  return Number(whole)
    .toExponential()
    .replace(/e\+(\d)$/, 'e+0$1');
}

/** What means something in helm's --set or in a shell, and nothing here. */
function warnOfHabits(value: string, at: string, warn: (text: string) => void): void {
  if (/,\s*[\w-]+(\.[\w-]+|\[\d+\])*=/.test(value))
    warn(`${at} holds a comma and another =, which are part of its value here; give each value a line of its own.`);
  if (/^\{.*\}$/s.test(value))
    warn(`${at} has a text in braces, which is no list here; set each item by its index, such as [0].`);
  if (/^(['"]).*\1$/s.test(value)) warn(`${at} has a value in quotes, which stay part of it; no quotes are needed.`);
}
