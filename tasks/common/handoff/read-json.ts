import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** A handoff has three levels and a few kilobytes; whatever is far beyond is no handoff. */
export const largestFile = 256 * 1024;
const deepest = 8;

const blank = /[ \t\r\n]*/y;
/** From the space on, without quote and backslash. */
const plain = String.raw`[ !#-\[\]-\u{10ffff}]*`;
const stringToken = new RegExp(String.raw`"${plain}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})${plain})*"`, 'uy');
const scalarToken = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const loneSurrogate = /\p{Surrogate}/u;
const dangerousKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads JSON that somebody may have tampered with. JSON.parse would take the last of two equal keys, where another
 * reader takes the first, and stops at no depth.
 * @param file its name, for messages.
 * @throws TaskError when it is too large, too deep or no JSON, or has a key twice or one that JavaScript gives a meaning.
 */
export function readJson(bytes: Uint8Array, file: string): JsonValue {
  if (bytes.length > largestFile) {
    throw new TaskError(`${file} has ${bytes.length} bytes; a handoff has at most ${largestFile}.`);
  }
  return new JsonReader(decoded(bytes, file), file).document();
}

function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TaskError(`${file} is not UTF-8 text; write it as UTF-8.`);
  }
}

class JsonReader {
  readonly #text: string;
  readonly #file: string;
  #at = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  document(): JsonValue {
    const value = this.#value(0);
    if (this.#at < this.#text.length) this.#fail('has something after its end');
    return value;
  }

  #value(depth: number): JsonValue {
    this.#take(blank);
    const opening = this.#text[this.#at];
    if ((opening === '{' || opening === '[') && depth === deepest) {
      this.#fail(`is nested deeper than ${deepest} levels`);
    }
    const value = opening === '{' ? this.#object(depth) : opening === '[' ? this.#array(depth) : this.#scalar();
    this.#take(blank);
    return value;
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.#members('}', () => {
      const key = this.#string();
      if (members.has(key)) this.#fail(`has the key '${visible(key)}' twice`);
      if (dangerousKeys.has(key)) this.#fail(`has the key '${key}', which no handoff may have`);
      this.#take(blank);
      if (this.#text[this.#at] !== ':') this.#fail('is not valid JSON: a colon is missing');
      this.#at += 1;
      members.set(key, this.#value(depth + 1));
    });
    return Object.fromEntries(members);
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#members(']', () => items.push(this.#value(depth + 1)));
    return items;
  }

  /** Reads from the opening bracket, at which we are, to behind the closing one. */
  #members(closing: string, member: () => void): void {
    this.#at += 1;
    this.#take(blank);
    if (this.#text[this.#at] === closing) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#take(blank);
      member();
      const mark = this.#text[this.#at];
      if (mark !== ',' && mark !== closing) this.#fail(`is not valid JSON: a comma or ${closing} is missing`);
      this.#at += 1;
      if (mark === closing) return;
    }
  }

  #scalar(): JsonValue {
    if (this.#text[this.#at] === '"') return this.#string();
    const token = this.#take(scalarToken);
    if (token === undefined) return this.#fail('is not valid JSON: a value is missing or malformed');
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    const number = Number(token);
    if (!Number.isFinite(number)) this.#fail(`has the number ${visible(token)}, which is too large`);
    return number;
  }

  #string(): string {
    const token = this.#take(stringToken);
    if (token === undefined) return this.#fail('is not valid JSON: a text is missing or malformed');
    const text = String(JSON.parse(token));
    if (loneSurrogate.test(text)) this.#fail('has a text with half a character (a lone surrogate)');
    return text;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    this.#at += token?.length ?? 0;
    return token;
  }

  #fail(fault: string): never {
    const lines = this.#text.slice(0, this.#at).split('\n');
    const column = (lines.at(-1)?.length ?? 0) + 1;
    throw new TaskError(`${this.#file} ${fault} (line ${lines.length}, column ${column}).`);
  }
}
