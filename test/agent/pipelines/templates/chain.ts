import type { Directive } from '../expressions/directive.ts';

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
