import { Version, type Value } from './value.ts';

/** A piece of an expression; `raw` is its text, `position` counts from 1. */
export type Piece =
  | { readonly kind: 'literal'; readonly value: Value; readonly raw: string; readonly position: number }
  | { readonly kind: 'name' | 'sign' | 'unknown'; readonly raw: string; readonly position: number };

const signs = '()[],.*';

/** Cuts an expression into pieces. What is none is `unknown`; the parser complains of it where it stands. */
export function pieces(expression: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  while (at < expression.length) {
    const character = expression.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const piece = pieceAt(expression, at, found.at(-1));
    found.push(piece);
    at += piece.raw.length;
  }
  return found;
}

function pieceAt(expression: string, at: number, before: Piece | undefined): Piece {
  const position = at + 1;
  const character = expression.charAt(at);
  if (character === "'") return quoted(expression, at);
  if (signs.includes(character) && !beginsNumber(character, before)) return { kind: 'sign', raw: character, position };
  if (/[-+.\d]/.test(character)) {
    const [raw = character] = /^[^\s()[\],*]+/.exec(expression.slice(at)) ?? [];
    const value = numeric(raw);
    return value === undefined ? { kind: 'unknown', raw, position } : { kind: 'literal', value, raw, position };
  }
  const [word = character] = /^[^\s()[\],.*]+/.exec(expression.slice(at)) ?? [];
  return named(word, position, before);
}

/** A point begins a number where no value is in front of it. */
function beginsNumber(character: string, before: Piece | undefined): boolean {
  return character === '.' && (before === undefined || (before.kind === 'sign' && '([,'.includes(before.raw)));
}

function named(raw: string, position: number, before: Piece | undefined): Piece {
  if (!/^[A-Za-z_]\w*$/.test(raw)) return { kind: 'unknown', raw, position };
  const isProperty = before?.kind === 'sign' && before.raw === '.';
  const lower = raw.toLowerCase();
  if (!isProperty && (lower === 'true' || lower === 'false')) {
    return { kind: 'literal', value: lower === 'true', raw, position };
  }
  return { kind: 'name', raw, position };
}

function quoted(expression: string, at: number): Piece {
  const position = at + 1;
  const match = /^'((?:[^']|'')*)'/.exec(expression.slice(at));
  if (!match) return { kind: 'unknown', raw: expression.slice(at), position };
  return { kind: 'literal', value: (match[1] ?? '').replaceAll("''", "'"), raw: match[0], position };
}

/** A number has a sign and one point at most; with two or three points it is a version. */
function numeric(raw: string): Value | undefined {
  if (/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(raw)) return Number(raw);
  if (/^\d+(?:\.\d+){2,3}$/.test(raw)) return new Version(raw.split('.').map(Number));
  return undefined;
}
