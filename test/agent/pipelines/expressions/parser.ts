import { pieces, type Piece } from './lexer.ts';
import { checkDepth, checkLength, parseFault } from './parse-faults.ts';
import { ExpressionError, type Value } from './value.ts';

/** A part of a parsed expression; names are in lower case, `all` is a `*`. */
export type Node =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Node[] }
  | { readonly kind: 'index'; readonly of: Node; readonly by: Node }
  | { readonly kind: 'all'; readonly of: Node };

/** The names that an expression may have, in lower case. */
export interface Names {
  /** How many values each function takes: from, to. */
  readonly functions: ReadonlyMap<string, readonly [from: number, to: number]>;
  /** Undefined: any name is taken for a context or for a function, as where only the syntax is looked at. */
  readonly contexts: ReadonlySet<string> | undefined;
}

/** Parses an expression; names ignore case. Throws ExpressionError in the service's words. */
export function parseExpression(expression: string, names: Names): Node {
  return new Parser(expression, names).whole();
}

class Parser {
  readonly #pieces: readonly Piece[];
  #next = 0;
  #depth = 0;

  constructor(
    readonly expression: string,
    readonly names: Names,
  ) {
    this.#pieces = pieces(expression);
  }

  whole(): Node {
    checkLength(this.expression);
    if (this.#pieces.length === 0) throw new ExpressionError('An expression was expected');
    const node = this.#value(undefined);
    const rest = this.#peek();
    if (rest) throw this.#unexpected(rest);
    return node;
  }

  /** `within` is the function or the bracket that is open. */
  #value(within: Piece | undefined): Node {
    const piece = this.#peek();
    if (!piece) throw this.#unclosed(within);
    if (piece.kind === 'literal') {
      this.#next += 1;
      return { kind: 'literal', value: piece.value };
    }
    if (piece.kind !== 'name') throw this.#unexpected(piece);
    this.#next += 1;
    const name = piece.raw.toLowerCase();
    const { functions, contexts } = this.names;
    if (functions.has(name) || (contexts === undefined && this.#isSign('('))) return this.#follows(this.#call(piece));
    if (contexts !== undefined && !contexts.has(name)) throw this.#wrong('Unrecognized value', piece);
    return this.#follows({ kind: 'context', name });
  }

  /** The wrong number of values shows at the sign where it is noticed. */
  #call(piece: Piece): Node {
    if (!this.#isSign('(')) throw this.#wrong("Expected '(' to follow a function", piece);
    this.#open();
    const name = piece.raw.toLowerCase();
    const [least, most] = this.names.functions.get(name) ?? [0, Number.MAX_SAFE_INTEGER];
    const parameters: Node[] = [];
    if (!this.#isSign(')')) parameters.push(this.#value(piece));
    while (this.#isSign(',') && parameters.length < most) {
      this.#next += 1;
      parameters.push(this.#value(piece));
    }
    const end = this.#peek();
    if (!end) throw this.#unclosed(piece);
    if (!this.#isSign(')') || parameters.length < least || parameters.length > most) throw this.#unexpected(end);
    this.#close();
    return { kind: 'call', name, parameters };
  }

  /** Indexers and properties behind a value. */
  #follows(of: Node): Node {
    let node = of;
    while (this.#isSign('.') || this.#isSign('[')) {
      node = this.#isSign('.') ? this.#property(node) : this.#indexer(node);
    }
    return node;
  }

  #property(of: Node): Node {
    const dot = this.#peek();
    this.#next += 1;
    const piece = this.#peek();
    if (!piece) throw this.#wrong('Expected a property name to follow the dereference operator', dot);
    this.#next += 1;
    if (piece.kind === 'sign' && piece.raw === '*') return { kind: 'all', of };
    if (piece.kind !== 'name') throw this.#wrong('Unexpected symbol', piece);
    return { kind: 'index', of, by: { kind: 'literal', value: piece.raw } };
  }

  #indexer(of: Node): Node {
    const open = this.#peek();
    this.#open();
    const isAll = this.#isSign('*');
    if (isAll) this.#next += 1;
    const node: Node = isAll ? { kind: 'all', of } : { kind: 'index', of, by: this.#value(open) };
    const end = this.#peek();
    if (!end) throw this.#unclosed(open);
    if (!this.#isSign(']')) throw this.#unexpected(end);
    this.#close();
    return node;
  }

  #open(): void {
    this.#next += 1;
    this.#depth += 1;
    checkDepth(this.#depth);
  }

  #close(): void {
    this.#next += 1;
    this.#depth -= 1;
  }

  #peek(): Piece | undefined {
    return this.#pieces[this.#next];
  }

  #isSign(sign: string): boolean {
    const piece = this.#peek();
    return piece?.kind === 'sign' && piece.raw === sign;
  }

  /** A name that is none is reported as such wherever it stands. */
  #unexpected(piece: Piece): ExpressionError {
    const { functions, contexts } = this.names;
    const name = piece.raw.toLowerCase();
    const isStrange = piece.kind === 'name' && contexts !== undefined && !contexts.has(name) && !functions.has(name);
    return this.#wrong(piece.kind === 'unknown' || isStrange ? 'Unrecognized value' : 'Unexpected symbol', piece);
  }

  #unclosed(within: Piece | undefined): ExpressionError {
    return this.#wrong(within?.raw === '[' ? 'Unclosed indexer' : 'Unclosed function', within);
  }

  #wrong(what: string, piece: Piece | undefined): ExpressionError {
    return parseFault(what, piece, this.expression);
  }
}
