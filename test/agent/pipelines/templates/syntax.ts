import { directiveIn, misplaced, wrongCount } from '../expressions/directive.ts';
import { arities } from '../expressions/functions.ts';
import { parseExpression } from '../expressions/parser.ts';
import { partsOf } from '../expressions/text.ts';
import { ExpressionError } from '../expressions/value.ts';
import type { Complaints } from '../yaml/refusal.ts';
import type { ScalarToken, Token } from '../yaml/token.ts';

const notClosed =
  'The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.';

/** Complains of expressions that cannot be parsed, as the service does when it reads a file: also where no `if` leads. */
export function checkSyntax(token: Token, complaints: Complaints): void {
  if (token.kind === 'sequence') for (const item of token.items) checkSyntax(item, complaints);
  if (token.kind === 'mapping') {
    for (const { key, value } of token.pairs) {
      checkSyntax(key, complaints);
      checkSyntax(value, complaints);
    }
  }
  const wrong = token.kind === 'scalar' ? wrongIn(token) : undefined;
  if (wrong !== undefined) complaints.add(wrong, token.at);
}

/** The first fault of a scalar. */
function wrongIn({ text }: ScalarToken): string | undefined {
  if (!text.includes('${{')) return undefined;
  const parts = partsOf(text);
  if (!parts) return notClosed;
  for (const part of parts) {
    const wrong = 'expression' in part ? wrongExpression(part.expression, parts.length > 1) : undefined;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongExpression(expression: string, isInline: boolean): string | undefined {
  const directive = directiveIn(expression);
  if (!directive) return wrongSyntax(expression);
  const { word, parameters } = directive;
  const wrong = wrongCount(directive) ?? (isInline ? misplaced(directive, true) : undefined);
  if (wrong !== undefined) return wrong;
  // A condition is the first parameter; what a loop goes through is its third.
  const inner = word === 'each' ? parameters[2] : parameters[0];
  return inner === undefined ? undefined : wrongSyntax(inner);
}

/** Names are known only where the expression is worked out. */
function wrongSyntax(expression: string): string | undefined {
  try {
    parseExpression(expression, { functions: arities, contexts: undefined });
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
