import { isCollection, toText, valueOfToken, type Value } from '../expressions/value.ts';
import { NotSupported } from '../yaml/refusal.ts';
import { added, mapping, scalar, textOf, valueOf, type ScalarToken, type Token } from '../yaml/token.ts';

/** What `each` goes through; a mapping gives key and value, Null and '' nothing. */
export function elements(value: Value): Value[] {
  if (value === null || value === '') return [];
  if (!isCollection(value))
    throw new NotSupported(`'each' over ${toText(value) ?? ''}, which is neither list nor mapping`);
  if (value.kind === 'sequence') return value.items.map(valueOfToken);
  return value.pairs.map(({ key, value: item }) => {
    return mapping([added('key', scalar(key.text, key.at)), added('value', item)], key.at);
  });
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

/** Adds what a block of variables gives to those known. */
export function learn(known: Map<string, Value>, block: Token): void {
  const put = (name: string, value: Token | undefined): void => {
    if (value?.kind === 'scalar') known.set(name.toLowerCase(), value.text);
  };
  if (block.kind === 'mapping') for (const { key, value } of block.pairs) put(key.text, value);
  if (block.kind !== 'sequence') return;
  for (const item of block.items) put(textOf(item, 'name') ?? '', valueOf(item, 'value'));
}
