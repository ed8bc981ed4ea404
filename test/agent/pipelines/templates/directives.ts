import type { Directive } from '../expressions/directive.ts';
import { contexts } from '../expressions/evaluate.ts';
import { arities } from '../expressions/functions.ts';
import { isTrue } from '../expressions/value.ts';
import type { Complaints } from '../yaml/refusal.ts';
import type { Pair } from '../yaml/token.ts';
import type { Interpolation } from './interpolation.ts';
import { elements } from './lists.ts';
import type { Body, Sight } from './sight.ts';

/** An if with its elseif and else. Ordinary siblings do not end it, other directives do. */
export class Chain {
  #open = false;
  #taken = false;

  /** Whether an elseif or else may stand here. */
  get isOpen(): boolean {
    return this.#open;
  }

  mayTake(word: Directive['word']): boolean {
    return word === 'if' || !this.#taken;
  }

  after(word: Directive['word'], holds: boolean): void {
    this.#taken = word === 'if' ? holds : this.#taken || holds;
    this.#open = word !== 'else';
  }

  reset(): void {
    this.#open = false;
  }
}

/** Decides what if, elseif, else and each leave of their bodies. */
export class Directives {
  constructor(
    readonly interpolation: Interpolation,
    readonly complaints: Complaints,
  ) {}

  /** The bodies that remain: none, one, or one an element. */
  bodies(directive: Directive, pair: Pair, sight: Sight, chain: Chain, inSequence: boolean): Body[] {
    const { word, parameters } = directive;
    if (word === 'each') {
      chain.reset();
      return this.#each(directive, pair, sight, inSequence);
    }
    if (word === 'insert' || (word !== 'if' && !chain.isOpen)) return this.orphan(directive, pair, inSequence);
    const test = (): boolean =>
      word === 'else' || isTrue(this.interpolation.evaluated(parameters[0] ?? '', sight, pair.key.at));
    const holds = chain.mayTake(word) && test();
    chain.after(word, holds);
    return holds ? [{ body: pair.value, sight }] : [];
  }

  /** Refuses a directive where it has no place. */
  orphan({ word }: Directive, pair: Pair, inSequence: boolean): Body[] {
    return this.#refused(`The expression directive '${word}' is not supported in this context`, pair, inSequence);
  }

  #refused(message: string, pair: Pair, inSequence: boolean): Body[] {
    this.complaints.add(message, pair.key.at);
    if (inSequence) this.complaints.add(`Unexpected value '${pair.key.text}'`, pair.key.at);
    else if (pair.value.kind === 'mapping') this.complaints.add('A mapping was not expected', pair.value.at);
    return [];
  }

  #each({ parameters }: Directive, pair: Pair, sight: Sight, inSequence: boolean): Body[] {
    const [name = '', word = '', over = ''] = parameters;
    if (word !== 'in') {
      const form = "The expected format of an 'each' expression is: ${ each <identifier> in <value> }";
      return this.#refused(`The value '${word}' is unexpected. ${form}`, pair, inSequence);
    }
    const lower = name.toLowerCase();
    if (contexts.has(lower) || arities.has(lower) || sight.locals.has(lower)) {
      this.complaints.add(`The idenfifier '${name}' has already been defined within the current scope`, pair.key.at);
      return [];
    }
    const value = this.interpolation.evaluated(over, sight, pair.key.at);
    return elements(value).map((element) => ({
      body: pair.value,
      sight: { ...sight, locals: new Map([...sight.locals, [lower, element]]) },
    }));
  }
}
