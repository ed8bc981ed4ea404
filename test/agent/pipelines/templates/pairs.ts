import { directiveOf } from '../expressions/directive.ts';
import { isCollection } from '../expressions/value.ts';
import type { Complaints } from '../yaml/refusal.ts';
import type { Pair, Token } from '../yaml/token.ts';
import { Chain, type Directives } from './directives.ts';
import { holdsExpression, type Interpolation } from './interpolation.ts';
import { asResult, type Sight } from './sight.ts';

/** A pair of a mapping, its key worked out, with what its value sees. */
export interface SeenPair {
  readonly pair: Pair;
  readonly sight: Sight;
}

/** Makes one list of the pairs of a mapping and of those within its directives. */
export class Pairs {
  constructor(
    readonly interpolation: Interpolation,
    readonly directives: Directives,
    readonly complaints: Complaints,
  ) {}

  /** The pairs that directives leave, each with what its value sees. */
  of(token: Token, sight: Sight): SeenPair[] {
    const found: SeenPair[] = [];
    this.each(token, sight, (one) => found.push(one));
    return found;
  }

  /** Gives them one by one: a directive sees what was done with those in front of it. */
  each(token: Token, sight: Sight, put: (one: SeenPair) => void): void {
    this.#flatten(token, sight, put, new Set());
  }

  #flatten(token: Token, sight: Sight, put: (one: SeenPair) => void, names: Set<string>): void {
    if (token.kind !== 'mapping') {
      const value = holdsExpression(token, sight) ? this.interpolation.value(token, sight) : undefined;
      if (isCollection(value) && value.kind === 'mapping') this.#flatten(value, asResult(sight), put, names);
      else this.complaints.add('Expected a mapping', token.at);
      return;
    }
    const chain = new Chain();
    for (const pair of token.pairs) {
      const directive = sight.isResult ? undefined : directiveOf(pair.key.text);
      if (directive?.word === 'insert') {
        chain.reset();
        this.#flatten(pair.value, sight, put, names);
      } else if (directive) {
        for (const { body, sight: inner } of this.directives.bodies(directive, pair, sight, chain, false))
          this.#flatten(body, inner, put, names);
      } else this.#put({ key: this.interpolation.key(pair.key, sight), value: pair.value }, sight, put, names);
    }
  }

  #put(pair: Pair, sight: Sight, put: (one: SeenPair) => void, names: Set<string>): void {
    const name = pair.key.text.toLowerCase();
    if (names.has(name)) this.complaints.add(`'${pair.key.text}' is already defined`, pair.key.at);
    else put({ pair, sight });
    names.add(name);
  }
}
