import { directiveIn, misplaced } from '../expressions/directive.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { partsOf } from '../expressions/text.ts';
import { ExpressionError, isCollection, needText, nowhere, type Value } from '../expressions/value.ts';
import type { Complaints, Place } from '../yaml/refusal.ts';
import { scalar, type ScalarToken, type Token } from '../yaml/token.ts';
import type { Sight } from './sight.ts';

/** Whether a scalar is to be worked out. */
export function holdsExpression(token: Token, sight: Sight): token is ScalarToken {
  return token.kind === 'scalar' && !sight.isResult && token.text.includes('${{');
}

/** What an expression made stands where that does; what it took from a file stays where it was. */
function placed<Kind extends Token>(token: Kind, at: Place): Kind {
  if (token.at !== nowhere) return token;
  if (token.kind === 'sequence') return { ...token, at, items: token.items.map((item) => placed(item, at)) };
  if (token.kind === 'scalar') return { ...token, at };
  const pairs = token.pairs.map(({ key, value }) => ({ key: placed(key, at), value: placed(value, at) }));
  return { ...token, at, pairs };
}

/** Works out the `${{ }}` of scalars; what cannot be is complained of and becomes ''. */
export class Interpolation {
  constructor(readonly complaints: Complaints) {}

  /** A lone expression keeps its value; text around it makes a string. */
  value(token: ScalarToken, sight: Sight): Value {
    const parts = partsOf(token.text) ?? [{ literal: token.text }];
    const values = parts.map((part) =>
      'literal' in part ? part.literal : this.evaluated(part.expression, sight, token.at),
    );
    const [only = null] = values;
    if (values.length === 1) return only;
    return values.map((value) => this.#text(value, token.at)).join('');
  }

  /** A key is text, whatever its expression has. */
  key(token: ScalarToken, sight: Sight): ScalarToken {
    return holdsExpression(token, sight) ? scalar(this.#text(this.value(token, sight), token.at), token.at) : token;
  }

  evaluated(expression: string, sight: Sight, at: Place): Value {
    const directive = directiveIn(expression);
    if (!directive) {
      const value = this.#tried(at, () => evaluate(expression, sight)) ?? null;
      return isCollection(value) ? placed(value, at) : value;
    }
    this.complaints.add(misplaced(directive, false), at);
    return '';
  }

  #text(value: Value, at: Place): string {
    return this.#tried(at, () => needText(value)) ?? '';
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
}
