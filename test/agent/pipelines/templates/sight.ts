import type { Scope } from '../expressions/evaluate.ts';
import type { Value } from '../expressions/value.ts';
import type { Token } from '../yaml/token.ts';

/** What a place of a file may refer to. */
export interface Sight extends Scope {
  readonly parameters: ReadonlyMap<string, Value>;
  /** Grows while a block of variables is read: a variable may refer to those above it. */
  readonly variables: Map<string, Value>;
  /** What stands there is the result of an expression, which is not parsed again. */
  readonly isResult: boolean;
}

/** What a directive leaves, and what it sees. */
export interface Body {
  readonly body: Token;
  readonly sight: Sight;
}

/** The same place for what an expression gave. */
export function asResult(sight: Sight): Sight {
  return { ...sight, isResult: true };
}

/** A place whose own variables nobody outside sees. */
export function withOwnVariables(sight: Sight): Sight {
  return { ...sight, variables: new Map(sight.variables) };
}
