import { isTrue, toText, type Value } from '../expressions/value.ts';
import { evaluate, type Scope } from '../expressions/evaluate.ts';
import { expandMacros } from '../../macros.ts';
import { Refused } from '../yaml/refusal.ts';
import type { VariableDocument } from './document.ts';
import type { VariableGroup } from './service.ts';

/** A variable of a run. A secret comes out of a group only: what is written in a file is public. */
export interface RunVariable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly readOnly: boolean;
}

/** What runtime expressions see beside the variables. */
export interface Surroundings extends Pick<Scope, 'locals' | 'functions'> {
  /** Secret values among them. */
  readonly secrets?: readonly string[];
}

/** Variables as one place of a run sees them: those of a narrower place come over those of a wider one. */
export class RunVariables {
  readonly #byKey: ReadonlyMap<string, RunVariable>;

  constructor(variables: Iterable<RunVariable> = []) {
    this.#byKey = new Map([...variables].map((variable) => [variable.name.toLowerCase(), variable]));
  }

  /** Public ones that may change. */
  static of(values: Readonly<Record<string, string>>): RunVariables {
    const variables = Object.entries(values).map(([name, value]) => ({ name, value, secret: false, readOnly: false }));
    return new RunVariables(variables);
  }

  get(name: string): string | undefined {
    return this.#byKey.get(name.toLowerCase())?.value;
  }

  [Symbol.iterator](): Iterator<RunVariable> {
    return this.#byKey.values();
  }

  /** Adds public variables that the server sets: nothing changes them. */
  withPredefined(values: Readonly<Record<string, string>>): RunVariables {
    const added = Object.entries(values).map(([name, value]) => ({ name, value, secret: false, readOnly: true }));
    return new RunVariables([...this, ...added]);
  }

  /**
   * Adds the variables of a place that are plain texts: all that its own condition sees, since runtime expressions are worked
   * out only once the place starts.
   */
  withTexts(variables: readonly RunVariable[]): RunVariables {
    return new RunVariables([...this, ...variables.filter((variable) => !isExpression(variable))]);
  }

  /**
   * Adds the variables that a place declares. Runtime expressions see all of them that are plain texts, and those before
   * them; what they make of a secret is secret. Throws ExpressionError.
   */
  declaring(variables: readonly RunVariable[], surroundings: Surroundings): RunVariables {
    const { secrets = [] } = surroundings;
    let all = this.withTexts(variables);
    for (const variable of variables.filter(isExpression)) {
      const value = all.worked(variable.value, surroundings);
      const secret = [...secrets, ...all.#secrets].some((one) => one !== '' && value.includes(one));
      all = new RunVariables([...all, { ...variable, value, secret }]);
    }
    return all;
  }

  /** A text that may be one runtime expression, `$[ ]`. Null becomes an empty text. Throws ExpressionError. */
  worked(text: string, surroundings: Surroundings): string {
    const expression = runtimeExpression(text);
    if (expression === undefined) return text;
    return toText(evaluate(expression, this.#scope(surroundings))) ?? '';
  }

  /** Whether a condition holds. Throws ExpressionError. */
  holds(condition: string, surroundings: Surroundings): boolean {
    return isTrue(evaluate(condition, this.#scope(surroundings)));
  }

  /** Replaces macros by public variables, as the server does in names that it needs before a job has an agent. */
  expand(text: string): string {
    return expandMacros(text, (name) => {
      const variable = this.#byKey.get(name.toLowerCase());
      return variable?.secret === false ? variable.value : undefined;
    });
  }

  get #secrets(): string[] {
    return [...this].flatMap(({ value, secret }) => (secret ? [value] : []));
  }

  #scope({ locals, functions }: Surroundings): Scope {
    const variables = new Map<string, Value>([...this.#byKey].map(([key, { value }]) => [key, value]));
    return { variables, locals, ...(functions && { functions }) };
  }
}

/** The variables that stand in the file itself. */
export function ownVariables(documents: readonly VariableDocument[]): RunVariable[] {
  return documents.flatMap((document) => (document.kind === 'value' ? [{ ...document, secret: false }] : []));
}

/** Replaces groups by what they hold. Throws Refused in the service's words for a group that is not there. */
export function declaredVariables(
  documents: readonly VariableDocument[],
  group: (name: string) => VariableGroup | undefined,
): RunVariable[] {
  return documents.flatMap((document) => {
    if (document.kind === 'value') return [{ ...document, secret: false }];
    const found = group(document.name);
    if (found === undefined) throw new Refused([missingGroup(document.name)]);
    return [...ofGroup(found.variables, false), ...ofGroup(found.secrets, true)];
  });
}

function ofGroup(values: Readonly<Record<string, string>>, secret: boolean): RunVariable[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, secret, readOnly: false }));
}

function missingGroup(name: string): string {
  const cause = `Variable group ${name} was not found or is not authorized for use.`;
  return `${cause} For authorization details, refer to https://aka.ms/yamlauthz.`;
}

function isExpression({ value }: RunVariable): boolean {
  return runtimeExpression(value) !== undefined;
}

/** The expression of a text that consists of one. */
function runtimeExpression(text: string): string | undefined {
  return /^\s*\$\[(.*)\]\s*$/s.exec(text)?.[1]?.trim();
}
