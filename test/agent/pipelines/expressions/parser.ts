import { arities } from './functions.ts';
import { pieces, type Piece } from './lexer.ts';
import { ExpressionError, type Value } from './value.ts';

export type Node =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Node[] }
  | { readonly kind: 'index'; readonly of: Node; readonly by: Node }
  | { readonly kind: 'all'; readonly of: Node };

/** The service's page on expressions, which its messages end with. */
const help = 'For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996';

/**
 * Parses an expression. Names ignore case; `contexts` are those that it may have, in lower case.
 * Throws ExpressionError in the service's words.
 */
export function parseExpression(expression: string, contexts: ReadonlySet<string>): Node {
  const parser = new Parser(expression, contexts);
  return parser.whole();
}

class Parser {
  readonly #pieces: readonly Piece[];
  #next = 0;

  constructor(
    readonly expression: string,
    readonly contexts: ReadonlySet<string>,
  ) {
    this.#pieces = pieces(expression);
  }

  whole(): Node {
    if (this.#pieces.length === 0) throw new ExpressionError('An expression was expected');
    const node = this.#value();
    const rest = this.#pieces[this.#next];
    if (rest) throw this.#wrong('Unexpected symbol', rest);
    return node;
  }

  #value(): Node {
    const piece = this.#pieces[this.#next];
    if (!piece) throw this.#ends();
    this.#next += 1;
    if (piece.kind === 'literal') return this.#follows({ kind: 'literal', value: piece.value }, false);
    if (piece.kind !== 'name') throw this.#wrong('Unexpected symbol', piece);
    if (this.#isSign('(')) return this.#follows(this.#call(piece), true);
    const name = piece.raw.toLowerCase();
    if (arities.has(name)) throw this.#wrong("Expected '(' to follow a function", piece);
    if (!this.contexts.has(name)) throw this.#wrong('Unrecognized value', piece);
    return this.#follows({ kind: 'context', name }, true);
  }

  #call(piece: Piece): Node {
    const name = piece.raw.toLowerCase();
    const arity = arities.get(name);
    if (!arity) throw this.#wrong('Unrecognized value', piece);
    this.#next += 1;
    const parameters: Node[] = [];
    while (!this.#isSign(')')) {
      if (parameters.length > 0) this.#comma(piece);
      if (this.#pieces[this.#next] === undefined) throw this.#wrong('Unclosed function', piece);
      parameters.push(this.#value());
    }
    this.#next += 1;
    if (parameters.length < arity[0]) throw this.#wrong('Too few parameters supplied', piece);
    if (parameters.length > arity[1]) throw this.#wrong('Too many parameters supplied', piece);
    return { kind: 'call', name, parameters };
  }

  #comma(call: Piece): void {
    const piece = this.#pieces[this.#next];
    if (!piece) throw this.#wrong('Unclosed function', call);
    if (!this.#isSign(',')) throw this.#wrong('Unexpected symbol', piece);
    this.#next += 1;
  }

  /** Indexers and properties behind a value. */
  #follows(of: Node, may: boolean): Node {
    let node = of;
    if (!may) return node;
    while (this.#isSign('.') || this.#isSign('[')) {
      node = this.#isSign('.') ? this.#property(node) : this.#indexer(node);
    }
    return node;
  }

  #property(of: Node): Node {
    const dot = this.#pieces[this.#next];
    this.#next += 1;
    const piece = this.#pieces[this.#next];
    if (!piece)
      throw dot ? this.#wrong('Expected a property name to follow the dereference operator', dot) : this.#ends();
    this.#next += 1;
    if (piece.kind === 'sign' && piece.raw === '*') return { kind: 'all', of };
    if (piece.kind !== 'name') throw this.#wrong('Unexpected symbol', piece);
    return { kind: 'index', of, by: { kind: 'literal', value: piece.raw } };
  }

  #indexer(of: Node): Node {
    const open = this.#pieces[this.#next];
    this.#next += 1;
    if (this.#isSign('*')) {
      this.#next += 1;
      this.#close(open);
      return { kind: 'all', of };
    }
    const by = this.#value();
    this.#close(open);
    return { kind: 'index', of, by };
  }

  #close(open: Piece | undefined): void {
    const piece = this.#pieces[this.#next];
    if (!piece) throw open ? this.#wrong('Unclosed indexer', open) : this.#ends();
    if (!this.#isSign(']')) throw this.#wrong('Unexpected symbol', piece);
    this.#next += 1;
  }

  #isSign(sign: string): boolean {
    const piece = this.#pieces[this.#next];
    return piece?.kind === 'sign' && piece.raw === sign;
  }

  #wrong(what: string, piece: Piece): ExpressionError {
    return new ExpressionError(
      `${what}: '${piece.raw}'. Located at position ${piece.position} within expression: '${this.expression}'. ${help}`,
    );
  }

  #ends(): ExpressionError {
    const last = this.#pieces.at(-1);
    return last ? this.#wrong('Unexpected symbol', last) : new ExpressionError('An expression was expected');
  }
}
