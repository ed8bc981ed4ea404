import { directiveIn, directiveOf, misplaced, wrongCount, type Directive } from '../expressions/directive.ts';
import { evaluate, type Scope } from '../expressions/evaluate.ts';
import { arities } from '../expressions/functions.ts';
import { partsOf } from '../expressions/text.ts';
import { ExpressionError, isTrue, needText, toText, type Value } from '../expressions/value.ts';
import type { Complaints, Place } from '../yaml/refusal.ts';
import { mapping, scalar, sequence, valueOf, type Pair, type ScalarToken, type Token } from '../yaml/token.ts';
import type { Files } from './files.ts';
import { Chain, type Body, type MaybeScope } from './chain.ts';
import { childAt, hasVariables, isList, itemAt, type At, type ListAt } from './kinds.ts';
import { elements, variable, withVariables } from './lists.ts';
import { parametersOf } from './parameters.ts';

/** The service's limit for templates within templates. */
const deepest = 100;

/** Plays template expansion: directives, expressions, templates. */
export class Expander {
  #depth = 0;

  constructor(
    readonly files: Files,
    readonly complaints: Complaints,
  ) {}

  expand(token: Token, scope: MaybeScope, at: At): Token {
    if (token.kind === 'scalar') return this.#scalar(token, scope, at);
    if (token.kind === 'sequence') return sequence(this.#items(token.items, scope, at), token.at);
    return this.#mapping(token, scope, at);
  }

  #scalar(token: ScalarToken, scope: MaybeScope, at: At): Token {
    if (scope === undefined || !token.text.includes('${{')) return token;
    const value = this.#value(token, scope);
    if (typeof value === 'object' && value !== null && 'kind' in value)
      return this.expand({ ...value, at: token.at }, undefined, at);
    return scalar(toText(value ?? null) ?? '', token.at);
  }

  /** A lone expression keeps its value; text around makes a string. */
  #value(token: ScalarToken, scope: Scope): Value {
    const parts = partsOf(token.text);
    if (!parts) {
      const open =
        'The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.';
      this.complaints.add(open, token.at);
      return '';
    }
    const values = parts.map((part) =>
      'literal' in part ? part.literal : this.#evaluated(part.expression, scope, token.at, parts.length > 1),
    );
    const [only = null] = values;
    if (values.length === 1) return only;
    return values.map((value) => this.#tried(token.at, () => needText(value)) ?? '').join('');
  }

  #evaluated(expression: string, scope: Scope, at: Place, isInline: boolean): Value {
    const directive = directiveIn(expression);
    if (!directive) return this.#tried(at, () => evaluate(expression, scope)) ?? null;
    this.complaints.add(misplaced(directive, isInline), at);
    return '';
  }

  #tried<T>(at: Place, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.complaints.add(error.message, at);
      return undefined;
    }
  }

  #items(items: readonly Token[], scope: MaybeScope, at: At): Token[] {
    const found: Token[] = [];
    const chain = new Chain();
    for (const item of items) {
      const [pair] = item.kind === 'mapping' && item.pairs.length === 1 ? item.pairs : [];
      const directive = scope && pair ? directiveOf(pair.key.text) : undefined;
      if (scope && pair && directive) {
        if (directive.word === 'insert') {
          this.#orphan(directive, pair, true);
          continue;
        }
        for (const { body, scope: inner } of this.#bodies(directive, pair, scope, chain, true)) {
          if (body.kind === 'sequence') found.push(...this.#items(body.items, inner, at));
          else if (body.kind === 'scalar' && body.text.includes('${{')) this.#add(found, body, inner, at);
          else this.complaints.add('Expected a sequence', body.at);
        }
      } else this.#add(found, item, scope, at);
    }
    return found;
  }

  #add(found: Token[], item: Token, scope: MaybeScope, at: At): void {
    if (item.kind === 'scalar' && scope && item.text.includes('${{')) {
      const value = this.#value(item, scope);
      if (typeof value === 'object' && value !== null && 'kind' in value) {
        if (value.kind === 'sequence') found.push(...this.#items(value.items, undefined, at));
        else this.#add(found, value, undefined, at);
        return;
      }
      found.push(scalar(toText(value) ?? '', item.at));
      return;
    }
    if (isList(at) && item.kind === 'mapping' && item.pairs[0]?.key.text === 'template') {
      found.push(...this.#template(this.expand(item, scope, 'any'), scope, at));
      return;
    }
    found.push(this.expand(item, scope, itemAt(at)));
  }

  #mapping(token: Token, scope: MaybeScope, at: At): Token {
    const flat = this.#pairs(token, scope);
    let variables = scope?.variables;
    const done = new Map<Pair, Token>();
    if (hasVariables(at)) {
      for (const { pair, scope: inner } of flat.filter(({ pair: one }) => one.key.text === 'variables')) {
        const value = this.expand(pair.value, inner, 'variables');
        done.set(pair, value);
        variables = withVariables(variables ?? new Map(), value);
      }
    }
    const pairs = flat.map(({ pair, scope: inner }): Pair => {
      const seen = inner && variables && hasVariables(at) ? { ...inner, variables } : inner;
      return { key: pair.key, value: done.get(pair) ?? this.expand(pair.value, seen, childAt(at, pair.key.text)) };
    });
    return mapping(pairs, token.at);
  }

  /** The pairs that directives leave, each with what its value sees. */
  #pairs(token: Token, scope: MaybeScope): { pair: Pair; scope: MaybeScope }[] {
    const found: { pair: Pair; scope: MaybeScope }[] = [];
    const names = new Set<string>();
    const put = (pair: Pair, inner: MaybeScope): void => {
      const name = pair.key.text.toLowerCase();
      if (names.has(name)) this.complaints.add(`'${pair.key.text}' is already defined`, pair.key.at);
      else found.push({ pair, scope: inner });
      names.add(name);
    };
    this.#flatten(token, scope, put);
    return found;
  }

  #flatten(token: Token, scope: MaybeScope, put: (pair: Pair, scope: MaybeScope) => void): void {
    if (token.kind !== 'mapping') {
      const value =
        token.kind === 'scalar' && scope && token.text.includes('${{') ? this.#value(token, scope) : undefined;
      if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'mapping')
        this.#flatten(value, undefined, put);
      else this.complaints.add('Expected a mapping', token.at);
      return;
    }
    const chain = new Chain();
    for (const pair of token.pairs) {
      const directive = scope ? directiveOf(pair.key.text) : undefined;
      if (scope && directive?.word === 'insert') {
        chain.reset();
        const wrong = wrongCount(directive);
        if (wrong) this.complaints.add(wrong, pair.key.at);
        else this.#flatten(pair.value, scope, put);
      } else if (scope && directive) {
        for (const { body, scope: inner } of this.#bodies(directive, pair, scope, chain, false))
          this.#flatten(body, inner, put);
      } else put(scope ? { key: this.#key(pair.key, scope), value: pair.value } : pair, scope);
    }
  }

  #key(key: ScalarToken, scope: Scope): ScalarToken {
    if (!key.text.includes('${{')) return key;
    const value = this.#value(key, scope);
    return scalar(this.#tried(key.at, () => needText(value)) ?? '', key.at);
  }

  /** The bodies that an if, elseif, else or each leaves: none, one, or one an element. */
  #bodies(directive: Directive, pair: Pair, scope: Scope, chain: Chain, inSequence: boolean): Body[] {
    const { word, rest } = directive;
    const wrong =
      word === 'if' || word === 'elseif' ? (rest === '' ? wrongCount(directive) : undefined) : wrongCount(directive);
    if (wrong) {
      chain.reset();
      return this.#refused(wrong, pair, inSequence);
    }
    if (word === 'each') {
      chain.reset();
      return this.#each(directive, pair, scope, inSequence);
    }
    if (word !== 'if' && !chain.open) return this.#orphan(directive, pair, inSequence);
    const holds = chain.mayTake(word) && (word === 'else' || isTrue(this.#evaluated(rest, scope, pair.key.at, false)));
    chain.after(word, holds);
    return holds ? [{ body: pair.value, scope }] : [];
  }

  #orphan(directive: Directive, pair: Pair, inSequence: boolean): Body[] {
    return this.#refused(
      `The expression directive '${directive.word}' is not supported in this context`,
      pair,
      inSequence,
    );
  }

  #refused(message: string, pair: Pair, inSequence: boolean): Body[] {
    this.complaints.add(message, pair.key.at);
    if (inSequence) this.complaints.add(`Unexpected value '${pair.key.text}'`, pair.key.at);
    else if (pair.value.kind === 'mapping') this.complaints.add('A mapping was not expected', pair.value.at);
    return [];
  }

  #each({ parameters }: Directive, pair: Pair, scope: Scope, inSequence: boolean): Body[] {
    const [name = '', word = '', over = ''] = parameters;
    if (word !== 'in') {
      const form = "The expected format of an 'each' expression is: ${ each <identifier> in <value> }";
      return this.#refused(`The value '${word}' is unexpected. ${form}`, pair, inSequence);
    }
    const lower = name.toLowerCase();
    if (['parameters', 'variables', 'resources'].includes(lower) || arities.has(lower) || scope.locals.has(lower)) {
      this.complaints.add(`The idenfifier '${name}' has already been defined within the current scope`, pair.key.at);
      return [];
    }
    const value = this.#evaluated(over, scope, pair.key.at, false);
    return elements(value).map((element) => ({
      body: pair.value,
      scope: { ...scope, locals: new Map([...scope.locals, [lower, element]]) },
    }));
  }

  #template(reference: Token, scope: MaybeScope, at: ListAt): readonly Token[] {
    const result = this.template(reference, scope);
    const list = valueOf(result, at);
    if (list?.kind === 'sequence') return list.items;
    if (at === 'variables' && list?.kind === 'mapping') return list.pairs.map(({ key, value }) => variable(key, value));
    const [other] = result?.kind === 'mapping' && !list ? result.pairs : [];
    if (other) this.complaints.add(`Unexpected value '${other.key.text}'`, other.key.at);
    return [];
  }

  /** The file that a reference names, expanded with the parameters given; `variables` are those around it. */
  template(reference: Token, scope: MaybeScope): Token | undefined {
    const target = valueOf(reference, 'template') ?? reference;
    const others = reference.kind === 'mapping' ? reference.pairs : [];
    for (const { key } of others.filter((pair) => !['template', 'parameters'].includes(pair.key.text))) {
      this.complaints.add(`Unexpected value '${key.text}'`, key.at);
    }
    if (this.#depth >= deepest) {
      this.complaints.add('Maximum object depth exceeded', target.at);
      this.complaints.check();
    }
    const file = this.files.read(target.kind === 'scalar' ? target.text : '', target.at);
    if (!file) return undefined;
    const given = valueOf(reference, 'parameters');
    const values = parametersOf(
      valueOf(file, 'parameters'),
      given?.kind === 'mapping' ? given : undefined,
      target.at,
      this.complaints,
      false,
    );
    const body =
      file.kind === 'mapping'
        ? mapping(
            file.pairs.filter(({ key }) => key.text !== 'parameters'),
            file.at,
          )
        : file;
    this.#depth += 1;
    const inner = {
      parameters: values,
      variables: scope?.variables ?? new Map<string, Value>(),
      locals: new Map<string, Value>(),
    };
    const result = this.expand(body, inner, 'root');
    this.#depth -= 1;
    return result;
  }
}
