import type { Directive } from '../expressions/directive.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { Token } from '../yaml/token.ts';

/** Undefined where what stands there is a result already, which is not parsed again. */
export type MaybeScope = Scope | undefined;

/** What a directive leaves, and what it sees. */
export interface Body {
  readonly body: Token;
  readonly scope: MaybeScope;
}

/** An if with its elseif and else. Ordinary siblings do not end it, other directives do. */
export class Chain {
  open = false;
  #taken = false;

  mayTake(word: Directive['word']): boolean {
    return word === 'if' || !this.#taken;
  }

  after(word: Directive['word'], holds: boolean): void {
    this.#taken = word === 'if' ? holds : this.#taken || holds;
    this.open = word !== 'else';
  }

  reset(): void {
    this.open = false;
  }
}
