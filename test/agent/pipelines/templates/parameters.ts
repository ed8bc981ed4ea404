import { loneExpression } from '../expressions/text.ts';
import { ExpressionError, valueOfToken, type Value } from '../expressions/value.ts';
import { NotSupported, type Complaints, type Place } from '../yaml/refusal.ts';
import { scalar, textOf, valueOf, type MappingToken, type Token } from '../yaml/token.ts';
import { converted, known, rootOnly, typeOf } from './types.ts';

/** The values of a file's parameters from what was given; complains of wrong, missing and unexpected ones. */
export function parametersOf(
  block: Token | undefined,
  given: MappingToken | undefined,
  where: Place | string,
  complaints: Complaints,
  isEntry: boolean,
): Map<string, Value> {
  if (block === undefined || (block.kind === 'scalar' && block.text === '')) return new Map();
  if (block.kind === 'mapping') return legacy(block, given);
  const values = new Map<string, Value>();
  if (block.kind === 'scalar') {
    complaints.add('Expected a sequence', block.at);
    return values;
  }
  const passed = new Map((given?.pairs ?? []).map((pair) => [pair.key.text.toLowerCase(), pair]));
  for (const declared of block.items) {
    const name = textOf(declared, 'name') ?? '';
    const own = passed.get(name.toLowerCase());
    passed.delete(name.toLowerCase());
    const value = own?.value ?? defaultOf(declared, complaints);
    if (value === undefined) complaints.add(`A value for the '${name}' parameter must be provided.`, where);
    else values.set(name.toLowerCase(), typed(name, declared, value, complaints, isEntry));
  }
  for (const pair of passed.values())
    complaints.add(`Unexpected parameter '${pair.key.text}'`, isEntry ? where : pair.key.at);
  return values;
}

/** `parameters: { name: default }`: nothing is typed, and whatever is given is taken. */
function legacy(block: MappingToken, given: MappingToken | undefined): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const pair of [...block.pairs, ...(given?.pairs ?? [])])
    values.set(pair.key.text.toLowerCase(), valueOfToken(pair.value));
  return values;
}

function typed(name: string, declared: Token, value: Token, complaints: Complaints, isEntry: boolean): Value {
  const type = typeOf(declared);
  const at = valueOf(declared, 'type')?.at ?? declared.at;
  if (!known.has(type)) {
    if (isEntry && rootOnly.includes(type)) {
      if (value.kind === 'scalar' || type === 'stringlist') return valueOfToken(value);
    }
    if (!isEntry && !rootOnly.includes(type)) throw new NotSupported(`the parameter type '${type}'`);
    complaints.add(`Unexpected value '${textOf(declared, 'type') ?? type}'`, at);
    return '';
  }
  try {
    return converted(name, type, valueOfToken(value), declared);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    complaints.add(error.message, value.at);
    return '';
  }
}

/** A default may be an expression only if that is a string literal alone. */
function defaultOf(declared: Token, complaints: Complaints): Token | undefined {
  const value = valueOf(declared, 'default');
  if (value === undefined) return undefined;
  return withoutExpressions(value, complaints);
}

export function withoutExpressions(token: Token, complaints: Complaints): Token {
  if (token.kind === 'sequence')
    return { ...token, items: token.items.map((item) => withoutExpressions(item, complaints)) };
  if (token.kind === 'mapping') {
    const pairs = token.pairs.map(({ key, value }) => {
      if (key.text.includes('${{')) complaints.add('A template expression is not allowed in this context', key.at);
      return { key, value: withoutExpressions(value, complaints) };
    });
    return { ...token, pairs };
  }
  if (!token.text.includes('${{')) return token;
  const lone = loneExpression(token.text);
  if (lone !== undefined && /^'(?:[^']|'')*'$/.test(lone)) {
    return scalar(lone.slice(1, -1).replaceAll("''", "'"), token.at);
  }
  complaints.add('A template expression is not allowed in this context', token.at);
  return scalar('', token.at);
}
