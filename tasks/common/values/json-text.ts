import { TaskError } from '../task/outcome.ts';
import { pathText, type ValuePath } from './path.ts';
import type { Value, ValueMap } from './tree.ts';

/**
 * Of the file for helm. Texts grow there by their escapes; helm keeps them, compressed, in a Secret of at most 1 MiB.
 * In bytes.
 */
const largestFile = 4 * 1024 * 1024;

/**
 * What the parser inside helm refuses or takes for a line break, though JSON allows it, and what it takes for the mark of
 * a text's encoding.
 */
const odd = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Go's parser looks no more than 1024 characters ahead for the `:` behind a key; a `?` before the key spares it. */
const longestPlainKey = 500;

/**
 * The text of a file from which every helm reads these values: JSON, as far as that is YAML 1.1.
 * @throws TaskError when a value has no such form, or all are too many
 */
export function valuesText(values: ValueMap): string {
  const pieces: string[] = [];
  let size = 0;
  const write = (piece: string): void => {
    size += Buffer.byteLength(piece);
    if (size > largestFile)
      throw new TaskError(
        `All values together make a file of more than ${largestFile} bytes, the most that is given to helm.`,
      );
    pieces.push(piece);
  };
  writeValue(values, [], write);
  write('\n');
  return pieces.join('');
}

function writeValue(value: Value, path: ValuePath, write: (piece: string) => void): void {
  if (value instanceof Map) {
    let before = '{';
    for (const [key, member] of value) {
      write(before + keyText(textText(key, [...path, key])));
      writeValue(member, [...path, key], write);
      before = ',';
    }
    return write(value.size === 0 ? '{}' : '}');
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      write(index === 0 ? '[' : ',');
      writeValue(item, [...path, index], write);
    });
    return write(value.length === 0 ? '[]' : ']');
  }
  write(typeof value === 'string' ? textText(value, path) : scalarText(value, path));
}

function keyText(text: string): string {
  return text.length > longestPlainKey ? `? ${text} : ` : `${text}: `;
}

function textText(text: string, path: ValuePath): string {
  if (/\p{Surrogate}/u.test(text)) throw new TaskError(`${pathText(path)} holds half a character, which is no text.`);
  return JSON.stringify(text).replaceAll(odd, (character) => {
    return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function scalarText(value: boolean | number | bigint | null, path: ValuePath): string {
  if (typeof value !== 'number') return String(value);
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value);
  throw new TaskError(
    `${pathText(path)} is ${value}, and helm takes no number that is infinite or none; put it in quotes if it is a text.`,
  );
}
