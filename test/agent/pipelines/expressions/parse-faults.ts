import type { Piece } from './lexer.ts';
import { ExpressionError } from './value.ts';

/** The service's limits for an expression: its characters, and functions and indexers within each other. */
const longest = 21_000;
const deepest = 50;

/** The service's page on expressions, which its messages end with. */
const help = 'For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996';

/** What is wrong with an expression at one of its pieces, in the service's words. */
export function parseFault(what: string, piece: Piece | undefined, expression: string): ExpressionError {
  const where = `'${piece?.raw ?? ''}'. Located at position ${piece?.position ?? 1}`;
  return new ExpressionError(`${what}: ${where} within expression: ${expression}. ${help}`);
}

/** Throws ExpressionError for an expression that is too long. */
export function checkLength(expression: string): void {
  if (expression.length > longest) throw exceeded('length', longest);
}

/** Throws ExpressionError for one whose functions and indexers stand too deep within each other. */
export function checkDepth(depth: number): void {
  if (depth >= deepest) throw exceeded('depth', deepest);
}

function exceeded(what: 'length' | 'depth', limit: number): ExpressionError {
  return new ExpressionError(`Exceeded max expression ${what} ${limit}. ${help}`);
}
