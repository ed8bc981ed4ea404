import { isMapping } from '../go/mapping.ts';
import { learnSecret } from '../text/shown.ts';
import { field } from './fields.ts';
import type { ObjectName } from './view.ts';

/** A shorter value would be found in every other word. In characters. */
const shortest = 8;
/** A longer one is a file: no program prints all of it, but any of its lines. In characters. */
const longest = 16 * 1024;
/** Each line of a value is looked for, in some twenty forms, in all that is shown: this many take a millisecond a text. */
const mostLines = 500;

/** Collects what the Secret objects of a release hold, to keep it out of all that is shown. */
export class SecretValues {
  readonly #values = new Set<string>();

  /** @param secret a Secret object as the chart makes it */
  add(secret: unknown): void {
    for (const value of texts(field(secret, 'data'))) this.#values.add(decoded(value));
    for (const value of texts(field(secret, 'stringData'))) this.#values.add(value);
  }

  /**
   * From here on they are masked. @param names of the release's objects: they stand in every message, so a value such as
   * `postgres` that is part of one is no secret @returns whether all of them could be taken
   */
  learn(names: readonly ObjectName[]): boolean {
    const known = names.flatMap(({ kind, namespace, name }) => [kind, namespace, name]).join('\n');
    const values = [...this.#values]
      .flatMap((value) => (value.length > longest ? value.split(/\r?\n/) : [value]))
      .filter((value) => value.length >= shortest && value.length <= longest && !known.includes(value))
      .map((value) => ({ value, lines: value.split('\n').length }))
      .sort((one, other) => one.lines - other.lines);
    let left = mostLines;
    for (const { value, lines } of values) {
      left -= lines;
      if (left < 0) return false;
      learnSecret(value);
    }
    return true;
  }
}

/** Those that YAML merges into it (`<<`) stand deeper. */
function texts(data: unknown): string[] {
  if (typeof data === 'string') return [data];
  return isMapping(data) || Array.isArray(data) ? Object.values(data).flatMap(texts) : [];
}

/** What is no text is shown by nobody but in base64. */
function decoded(value: string): string {
  const bytes = Buffer.from(value, 'base64');
  const plain = bytes.toString('utf8');
  return Buffer.from(plain).equals(bytes) ? plain : value.replace(/\s+/g, '');
}
