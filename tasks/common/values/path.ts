import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

/** Where a value lies: keys of mappings and, from 0, places in lists. */
export type ValuePath = readonly (string | number)[];

/** A value for one place. */
export interface PathValue {
  readonly path: ValuePath;
  readonly value: string;
  /** Who sets it, for messages: `Line 2 of input set`. */
  readonly at: string;
}

/** helm's own limits (strvals): levels of a path, and the last place in a list. */
const mostLevels = 30;
const lastIndex = 65_536;

/** Characters that mean something in a path. */
const special = /[\\".[\]=,|]/;

/**
 * Reads the path at the beginning of a text: keys with dots between them, each with any number of `[0]` behind it. A
 * backslash makes the character behind it an ordinary one, as in helm's --set; a key may stand in double quotes.
 * @param ends the characters one of which stands behind a path
 * @param at who gives it, for messages, which hold nothing of the text: it may be a secret in the wrong place
 * @returns the path and where it ends: at one of `ends`, or at the end of the text
 * @throws TaskError that says what is wrong, and at which character
 */
export function readPath(text: string, ends: string, at: string): { path: ValuePath; end: number } {
  const reader = new PathReader(text, ends, at);
  const path = reader.read();
  return { path, end: reader.place };
}

class PathReader {
  readonly #text: string;
  readonly #ends: string;
  readonly #at: string;
  place = 0;

  constructor(text: string, ends: string, at: string) {
    this.#text = text;
    this.#ends = ends;
    this.#at = at;
  }

  read(): ValuePath {
    const path: (string | number)[] = [];
    do {
      if (path.length > 0) this.place += 1;
      path.push(this.#key());
      while (this.#next === '[') path.push(this.#index());
      if (path.length > mostLevels) this.#fail(`the path has more than the ${mostLevels} levels that helm takes`);
    } while (this.#next === '.');
    if (this.#next === undefined || this.#ends.includes(this.#next)) return path;
    return this.#fail('behind a quoted key or an index only . or [ goes on with the path');
  }

  get #next(): string | undefined {
    return this.#text[this.place];
  }

  #key(): string {
    if (this.#next === '"') return this.#quoted();
    const begin = this.place;
    let key = '';
    for (let next = this.#next; next !== undefined && !this.#stops(next); next = this.#next) key += this.#character();
    if (key === '') this.#fail('a key is missing in the path; one that is empty is written as ""');
    // A blank before the `=` would leave one before the value, too.
    if (/^\s|\s$/.test(this.#text.slice(begin, this.place)))
      this.#fail('a blank stands around a key of the path; take it away, or put the key in double quotes');
    if (begin === 0 && key.startsWith('#') && this.#text.startsWith('#'))
      this.#fail('there are no comments here; a key that begins with # is written in double quotes');
    if (begin === 0 && this.#text.startsWith('-'))
      this.#fail('it begins as an option of helm; write what stands behind that, or put the key in double quotes');
    return key;
  }

  #stops(next: string): boolean {
    return next === '.' || next === '[' || this.#ends.includes(next);
  }

  #quoted(): string {
    this.place += 1;
    let key = '';
    for (let next = this.#next; next !== '"'; next = this.#next) {
      if (next === undefined) this.#fail('the closing quote of a key is missing');
      key += this.#character();
    }
    this.place += 1;
    return key;
  }

  /** The next character, or the one behind a backslash. */
  #character(): string {
    if (this.#next === '\\') this.place += 1;
    const [character = this.#fail('nothing stands behind the last backslash')] = this.#text.slice(this.place);
    this.place += character.length;
    return character;
  }

  #index(): number {
    const [whole = '', digits = ''] = /^\[(\d{1,6})\]/.exec(this.#text.slice(this.place, this.place + 8)) ?? [];
    if (whole === '' || Number(digits) > lastIndex)
      this.#fail(`an index is a whole number from 0 to ${lastIndex} in square brackets, such as [0]`);
    this.place += whole.length;
    return Number(digits);
  }

  #fail(problem: string): never {
    throw new TaskError(`${this.#at} has no path that can be read: ${problem} (character ${this.place + 1}).`);
  }
}

/** A path as people write it; for messages and pages. */
export function pathText(path: ValuePath): string {
  return path
    .map((part, level) => {
      if (typeof part === 'number') return `[${part}]`;
      const key = visible(part);
      const written = part === '' || special.test(part) || part.trim() !== part ? JSON.stringify(key) : key;
      return level === 0 ? written : `.${written}`;
    })
    .join('');
}
