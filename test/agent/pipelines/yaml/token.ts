import type { Place } from './refusal.ts';

/** A scalar is its text: the service gives no type to what is written in a file. */
export interface ScalarToken {
  readonly kind: 'scalar';
  readonly text: string;
  /** Written in quotes, or as a block: it stays a string in the output. */
  readonly quoted: boolean;
  /** What an expression has where it goes through `parameters` itself: their declared types. */
  readonly typed?: boolean | number;
  readonly at: Place;
}

/** A list of a file, or one that an expression made. */
export interface SequenceToken {
  readonly kind: 'sequence';
  readonly items: readonly Token[];
  readonly at: Place;
}

/** A key of a mapping with its value; a key is always text. */
export interface Pair {
  readonly key: ScalarToken;
  readonly value: Token;
}

/** A mapping with its keys in the order in which they were written. */
export interface MappingToken {
  readonly kind: 'mapping';
  readonly pairs: readonly Pair[];
  /** Its keys are in lower case, and an expression finds them in any. */
  readonly foldsCase?: boolean;
  readonly at: Place;
}

/** A part of a pipeline with the place where it stands. */
export type Token = ScalarToken | SequenceToken | MappingToken;

/** Makes a scalar. */
export function scalar(text: string, at: Place, quoted = false): ScalarToken {
  return { kind: 'scalar', text, quoted, at };
}

/** Makes a list. */
export function sequence(items: readonly Token[], at: Place): SequenceToken {
  return { kind: 'sequence', items, at };
}

/** Makes a mapping; nothing is checked of its keys. */
export function mapping(pairs: readonly Pair[], at: Place): MappingToken {
  return { kind: 'mapping', pairs, at };
}

/** The value of a key; letters' case counts. */
export function valueOf(token: Token | undefined, name: string): Token | undefined {
  return token?.kind === 'mapping' ? token.pairs.find((pair) => pair.key.text === name)?.value : undefined;
}

/** The text of a scalar under a key. */
export function textOf(token: Token | undefined, name: string): string | undefined {
  const value = valueOf(token, name);
  return value?.kind === 'scalar' ? value.text : undefined;
}

/** A pair whose key stands where its value does: for what the service adds. */
export function added(name: string, value: Token): Pair {
  return { key: scalar(name, value.at), value };
}
