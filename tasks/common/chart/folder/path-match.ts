/** One place of a pattern: a character, or a test of one. */
type Token = (character: string) => boolean;

interface Chunk {
  /** Whether any text without a slash may stand before it. */
  readonly star: boolean;
  readonly tokens: readonly Token[];
}

/** A pattern of Go's filepath.Match: `*` and `?` stop at slashes, `[a-z]` and `[^a-z]` are classes, `\` quotes. */
export interface PathPattern {
  matches(name: string): boolean;
}

/**
 * Reads such a pattern. It is matched as Go does it, from left to right without going back, so that no pattern takes
 * long (path/filepath, match.go).
 * @returns undefined where Go finds no pattern: a class or a quoted character that does not end
 */
export function pathPattern(text: string): PathPattern | undefined {
  const chunks = chunksOf(Array.from(text));
  return chunks && { matches: (name) => matches(chunks, Array.from(name)) };
}

function chunksOf(pattern: readonly string[]): Chunk[] | undefined {
  const chunks: { star: boolean; tokens: Token[] }[] = [{ star: false, tokens: [] }];
  for (let at = 0; at < pattern.length; at += 1) {
    const current = chunks.at(-1);
    const character = pattern[at];
    if (character === '*') {
      if (current?.star === true && current.tokens.length === 0) continue;
      chunks.push({ star: true, tokens: [] });
    } else if (character === '[') {
      const found = classAt(pattern, at);
      if (found === undefined) return undefined;
      current?.tokens.push(found.token);
      at = found.end;
    } else if (character === '?') current?.tokens.push((one) => one !== '/');
    else {
      if (character === '\\') at += 1;
      const literal = pattern[at];
      if (literal === undefined) return undefined;
      current?.tokens.push((one) => one === literal);
    }
  }
  return chunks;
}

/** The class that begins at a `[`; `end` is where its `]` stands. */
function classAt(pattern: readonly string[], start: number): { token: Token; end: number } | undefined {
  const ranges: (readonly [string, string])[] = [];
  let at = start + 1;
  const isNegated = pattern[at] === '^';
  if (isNegated) at += 1;
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = escaped(pattern, at);
    if (low === undefined) return undefined;
    at = low.next;
    const high = pattern[at] === '-' ? escaped(pattern, at + 1) : { character: low.character, next: at };
    if (high === undefined) return undefined;
    at = high.next;
    ranges.push([low.character, high.character]);
  }
  const isIn = (one: string): boolean =>
    ranges.some(([low, high]) => point(low) <= point(one) && point(one) <= point(high));
  return { token: (one) => isIn(one) !== isNegated, end: at };
}

const point = (character: string): number => character.codePointAt(0) ?? 0;

/** A character of a class, which may be quoted, but is no bare `-` or `]`. */
function escaped(pattern: readonly string[], at: number): { character: string; next: number } | undefined {
  const isQuoted = pattern[at] === '\\';
  const character = pattern[isQuoted ? at + 1 : at];
  if (character === undefined || (!isQuoted && (character === '-' || character === ']'))) return undefined;
  return { character, next: at + (isQuoted ? 2 : 1) };
}

function matches(chunks: readonly Chunk[], name: readonly string[]): boolean {
  let at = 0;
  for (const [index, { star, tokens }] of chunks.entries()) {
    const isLast = index === chunks.length - 1;
    if (star && isLast && tokens.length === 0) return !name.includes('/', at);
    const fits = (place: number): boolean =>
      place + tokens.length <= name.length &&
      (!isLast || place + tokens.length === name.length) &&
      tokens.every((token, offset) => token(name[place + offset] ?? ''));
    const last = star ? name.length : at;
    let place = at;
    while (!fits(place)) {
      if (place >= last || name[place] === '/') return false;
      place += 1;
    }
    at = place + tokens.length;
  }
  return true;
}
