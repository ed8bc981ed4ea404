import { valueOfToken, type Value } from '../expressions/value.ts';
import { mapping, scalar, textOf, valueOf, type ScalarToken, type Token } from '../yaml/token.ts';

/** What `each` goes through; a mapping gives key and value. */
export function elements(value: Value): Value[] {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return [];
  if (value.kind === 'sequence') return value.items.map(valueOfToken);
  return value.pairs.map(({ key, value: item }) => mapping([
    { key: scalar('key', key.at), value: scalar(key.text, key.at) },
    { key: scalar('value', key.at), value: item },
  ], key.at)); // prettier-ignore
}

/** A variable of a mapping as an item of a list. */
export function variable(key: ScalarToken, value: Token): Token {
  return mapping(
    [
      { key: scalar('name', key.at), value: key },
      { key: scalar('value', key.at), value },
    ],
    key.at,
  );
}

/** What a block of variables adds to those known. */
export function withVariables(known: ReadonlyMap<string, Value>, block: Token): ReadonlyMap<string, Value> {
  const all = new Map(known);
  const put = (name: string, value: Token): unknown =>
    value.kind === 'scalar' && all.set(name.toLowerCase(), value.text);
  if (block.kind === 'mapping') for (const { key, value } of block.pairs) put(key.text, value);
  if (block.kind === 'sequence') {
    for (const item of block.items) {
      const name = textOf(item, 'name');
      const value = valueOf(item, 'value');
      if (name !== undefined && value) put(name, value);
    }
  }
  return all;
}
