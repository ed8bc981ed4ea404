import { ExpressionError, kindOf, needText, type Value } from './value.ts';

/** `format`: {0} and so on are the values, {{ and }} are braces. */
export function formatted(form: string, values: readonly Value[]): string {
  let text = '';
  let at = 0;
  while (at < form.length) {
    const two = form.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      text += two.charAt(0);
      at += 2;
      continue;
    }
    const character = form.charAt(at);
    if (character === '}') throw wrong(form);
    if (character !== '{') {
      text += character;
      at += 1;
      continue;
    }
    const [whole = '', index = '', specifiers = ''] = /^\{(\d+)(?::((?:[^}]|\}\})*))?\}/.exec(form.slice(at)) ?? [];
    if (whole === '' || Number(index) > 255) throw wrong(form);
    text += written(valueAt(values, Number(index), form), specifiers.replaceAll('}}', '}'));
    at += whole.length;
  }
  return text;
}

/** Only points in time have forms to choose from; there are none in a file. */
function written(value: Value, specifiers: string): string {
  const text = needText(value);
  if (specifiers === '') return text;
  throw new ExpressionError(
    `The format specifiers '${specifiers}' are not valid for objects of type '${kindOf(value)}'`,
  );
}

function valueAt(values: readonly Value[], index: number, form: string): Value {
  const value = values[index];
  if (value === undefined) {
    throw new ExpressionError(`The following format string references more arguments than were supplied: ${form}`);
  }
  return value;
}

function wrong(form: string): ExpressionError {
  return new ExpressionError(`The following format string is invalid: ${form}`);
}
