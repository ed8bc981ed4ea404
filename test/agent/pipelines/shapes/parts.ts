import { variable } from '../templates/lists.ts';
import type { Complaints } from '../yaml/refusal.ts';
import { added, mapping, scalar, sequence, type Pair, type Token } from '../yaml/token.ts';

/** One or more names, always as a list. */
export function listOf(token: Token): Token {
  return token.kind === 'scalar' && token.text !== '' ? sequence([token], token.at) : token;
}

/** `environment: qa` and `pool: Default`: a scalar is the name. */
export function named(token: Token): Token {
  return token.kind === 'scalar' ? mapping([added('name', token)], token.at) : token;
}

/** Variables are a list of name and value at every level. */
export function variablesShape(token: Token): Token {
  return token.kind === 'mapping'
    ? sequence(
        token.pairs.map(({ key, value }) => variable(key, value)),
        token.at,
      )
    : token;
}

/** `none` is switched off; a list is the branches to include. */
export function triggerShape(token: Token, complaints: Complaints): Token {
  if (token.kind === 'scalar') {
    if (token.text !== 'none') complaints.add(`Unexpected value '${token.text}'`, token.at);
    return mapping([added('enabled', scalar('false', token.at))], token.at);
  }
  if (token.kind === 'sequence') return mapping([added('branches', included(token))], token.at);
  const filters = ['branches', 'paths', 'tags'];
  return mapping(
    token.pairs.map((pair): Pair => {
      return filters.includes(pair.key.text) && pair.value.kind === 'sequence'
        ? { ...pair, value: included(pair.value) }
        : pair;
    }),
    token.at,
  );
}

function included(list: Token): Token {
  return mapping([added('include', list)], list.at);
}

/** The entry file's parameters with their types; those of the old form are untyped and stay. */
export function parametersShape(token: Token): Token {
  if (token.kind !== 'sequence') return token;
  return sequence(
    token.items.map((item) => {
      if (item.kind !== 'mapping' || item.pairs.some(({ key }) => key.text === 'type')) return item;
      const [name, ...rest] = item.pairs;
      return name ? mapping([name, added('type', scalar('string', name.key.at)), ...rest], item.at) : item;
    }),
    token.at,
  );
}
