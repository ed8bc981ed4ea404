import { loneExpression } from '../expressions/text.ts';
import type { Complaints } from '../yaml/refusal.ts';
import { scalar, type MappingToken, type Pair, type Token } from '../yaml/token.ts';

const notAllowed = 'A template expression is not allowed in this context';

/** Keys of the entry file whose values hold no expressions. */
export const constant: ReadonlySet<string> = new Set(['parameters', 'trigger', 'pr', 'schedules']);

/** What stands where no expression may; a string literal alone is its text. Complains of all others. */
export function withoutExpressions(token: Token, complaints: Complaints): Token {
  if (token.kind === 'sequence')
    return { ...token, items: token.items.map((item) => withoutExpressions(item, complaints)) };
  if (token.kind === 'mapping') {
    return { ...token, pairs: token.pairs.map((pair) => constantPair(pair, complaints)) };
  }
  if (!token.text.includes('${{')) return token;
  const lone = loneExpression(token.text);
  if (lone !== undefined && /^'(?:[^']|'')*'$/.test(lone)) {
    return scalar(lone.slice(1, -1).replaceAll("''", "'"), token.at);
  }
  complaints.add(notAllowed, token.at);
  return scalar('', token.at);
}

function constantPair({ key, value }: Pair, complaints: Complaints): Pair {
  if (key.text.includes('${{')) complaints.add(notAllowed, key.at);
  return { key, value: withoutExpressions(value, complaints) };
}

/** A file's root with all its keys as they are: no directive makes one. */
export function withoutRootExpressions(file: MappingToken, complaints: Complaints): MappingToken {
  for (const { key } of file.pairs) if (key.text.includes('${{')) complaints.add(notAllowed, key.at);
  return { ...file, pairs: file.pairs.filter(({ key }) => !key.text.includes('${{')) };
}

/** The entry file, of which parts hold no expressions: triggers, most of the resources, a pool that is a name. */
export function withConstants(entry: MappingToken, complaints: Complaints): MappingToken {
  const { pairs } = withoutRootExpressions(entry, complaints);
  return {
    ...entry,
    pairs: pairs.map((pair) => {
      const { text } = pair.key;
      const isPoolName = text === 'pool' && pair.value.kind === 'scalar';
      if (constant.has(text) || isPoolName) return { ...pair, value: withoutExpressions(pair.value, complaints) };
      return text === 'resources' ? { ...pair, value: resources(pair.value, complaints) } : pair;
    }),
  };
}

/** Of the resources containers may hold expressions, and the `ref` of a repository. */
function resources(token: Token, complaints: Complaints): Token {
  if (token.kind !== 'mapping') return withoutExpressions(token, complaints);
  const pairs = token.pairs.map((pair): Pair => {
    if (pair.key.text === 'containers') return pair;
    if (pair.key.text !== 'repositories' || pair.value.kind !== 'sequence') return constantPair(pair, complaints);
    const items = pair.value.items.map((item) => repository(item, complaints));
    return { ...pair, value: { ...pair.value, items } };
  });
  return { ...token, pairs };
}

function repository(token: Token, complaints: Complaints): Token {
  if (token.kind !== 'mapping') return withoutExpressions(token, complaints);
  return {
    ...token,
    pairs: token.pairs.map((pair) => (pair.key.text === 'ref' ? pair : constantPair(pair, complaints))),
  };
}
