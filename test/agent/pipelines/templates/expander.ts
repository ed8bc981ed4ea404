import { directiveOf } from '../expressions/directive.ts';
import { isCollection, toText, type Value } from '../expressions/value.ts';
import type { Complaints } from '../yaml/refusal.ts';
import { mapping, scalar, sequence, type MappingToken, type Pair, type Token } from '../yaml/token.ts';
import { Chain, Directives } from './directives.ts';
import type { Files } from './files.ts';
import { Includes } from './includes.ts';
import { holdsExpression, Interpolation } from './interpolation.ts';
import { childAt, hasVariables, isList, itemAt, type At } from './kinds.ts';
import { learn } from './lists.ts';
import { Pairs, type SeenPair } from './pairs.ts';
import type { Given } from './parameters.ts';
import { asResult, withOwnVariables, type Sight } from './sight.ts';

/** Plays template expansion: directives, expressions, templates. */
export class Expander {
  readonly #interpolation: Interpolation;
  readonly #directives: Directives;
  readonly #pairs: Pairs;
  readonly #includes: Includes;

  constructor(
    files: Files,
    readonly complaints: Complaints,
  ) {
    this.#interpolation = new Interpolation(complaints);
    this.#directives = new Directives(this.#interpolation, complaints);
    this.#pairs = new Pairs(this.#interpolation, this.#directives, complaints);
    this.#includes = new Includes(files, complaints, (token, sight, at) => this.expand(token, sight, at));
  }

  /** The file that a reference names, expanded; it may hold what `keys` says. */
  template(reference: Token, sight: Sight, keys: ReadonlySet<string>): MappingToken | undefined {
    return this.#includes.content(reference, sight, keys);
  }

  /** The values of the entry file's parameters. */
  parameters(block: Token | undefined, given: Given, sight: Sight): Map<string, Value> {
    return this.#includes.parameters(block, given, sight);
  }

  expand(token: Token, sight: Sight, at: At): Token {
    if (token.kind === 'sequence') return sequence(this.#items(token.items, sight, at), token.at);
    if (token.kind === 'mapping') return this.#mapping(token, sight, at);
    if (!holdsExpression(token, sight)) return token;
    const value = this.#interpolation.value(token, sight);
    if (isCollection(value)) return this.expand({ ...value, at: token.at }, asResult(sight), at);
    return scalar(toText(value) ?? '', token.at);
  }

  #items(items: readonly Token[], sight: Sight, at: At): Token[] {
    const found: Token[] = [];
    const chain = new Chain();
    for (const item of items) {
      const [pair] = item.kind === 'mapping' && item.pairs.length === 1 ? item.pairs : [];
      const directive = pair && !sight.isResult ? directiveOf(pair.key.text) : undefined;
      // With a mapping as its body the directive makes pairs of the item.
      if (pair && directive && pair.value.kind !== 'mapping') {
        for (const { body, sight: inner } of this.#directives.bodies(directive, pair, sight, chain, true))
          found.push(...this.#body(body, inner, at));
      } else {
        const added = this.#item(item, sight, at);
        if (at === 'variables') learn(sight.variables, sequence(added, item.at));
        found.push(...added);
      }
    }
    return found;
  }

  /** What a directive leaves in a sequence. */
  #body(body: Token, sight: Sight, at: At): readonly Token[] {
    if (body.kind === 'sequence') return this.#items(body.items, sight, at);
    if (holdsExpression(body, sight)) return this.#item(body, sight, at);
    this.complaints.add('Expected a sequence', body.at);
    return [];
  }

  /** An item, or the items that an array or a template puts in its place. */
  #item(item: Token, sight: Sight, at: At): readonly Token[] {
    if (holdsExpression(item, sight)) {
      const value = this.#interpolation.value(item, sight);
      if (!isCollection(value)) return [scalar(toText(value) ?? '', item.at)];
      if (value.kind === 'sequence') return this.#items(value.items, asResult(sight), at);
      return this.#item(value, asResult(sight), at);
    }
    const before = this.complaints.count;
    const expanded = this.expand(item, sight, itemAt(at));
    if (!isList(at) || expanded.kind !== 'mapping') return [expanded];
    const isFaulty = this.complaints.count > before;
    if (expanded.pairs[0]?.key.text === 'template') return isFaulty ? [] : this.#includes.list(expanded, sight, at);
    if (expanded.pairs.length > 0) return [expanded];
    if (!isFaulty) this.complaints.add('Expected at least one key-value pair in the mapping', expanded.at);
    return [];
  }

  #mapping(token: Token, outer: Sight, at: At): Token {
    if (at === 'variables') return this.#variables(token, outer);
    if (isList(at)) {
      this.complaints.add('A mapping was not expected', token.at);
      return sequence([], token.at);
    }
    const sight = hasVariables(at) ? withOwnVariables(outer) : outer;
    const own = token.kind === 'mapping' && hasVariables(at) ? token.pairs : [];
    const done = new Map<Token, Token>();
    const first = ({ pair, sight: inner }: SeenPair): void => {
      if (pair.key.text !== 'variables' || done.has(pair.value)) return;
      const block = this.expand(pair.value, inner, 'variables');
      learn(sight.variables, block);
      done.set(pair.value, block);
    };
    // All else of a stage or job sees its variables, wherever they stand.
    for (const pair of own) first({ pair, sight });
    const seen = this.#pairs.of(token, sight);
    if (hasVariables(at)) for (const one of seen) first(one);
    const pairs = seen.map(({ pair, sight: inner }): Pair => {
      return {
        key: pair.key,
        value: done.get(pair.value) ?? this.expand(pair.value, inner, childAt(at, pair.key.text)),
      };
    });
    return mapping(pairs, token.at);
  }

  /** A mapping of variables, of which each may refer to those above it. */
  #variables(token: Token, sight: Sight): Token {
    const pairs: Pair[] = [];
    this.#pairs.each(token, sight, ({ pair, sight: inner }) => {
      const value = this.expand(pair.value, inner, 'any');
      learn(sight.variables, mapping([{ key: pair.key, value }], token.at));
      pairs.push({ key: pair.key, value });
    });
    return mapping(pairs, token.at);
  }
}
