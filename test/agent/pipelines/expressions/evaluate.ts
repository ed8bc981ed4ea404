import { NotSupported } from '../yaml/refusal.ts';
import { sequence, valueOf, type Token } from '../yaml/token.ts';
import { call } from './functions.ts';
import { parseExpression, type Node } from './parser.ts';
import { ExpressionError, isTrue, kindOf, toNumber, toText, valueOfToken, type Value } from './value.ts';

/** What an expression sees. Names of parameters and variables ignore case. */
export interface Scope {
  /** Undefined where nothing declares any, as in a file without parameters. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly variables: ReadonlyMap<string, Value>;
  /** Loop variables, by their name in lower case. */
  readonly locals: ReadonlyMap<string, Value>;
}

/** Variables that the service sets for a run: what they hold is not in any file. */
const ofTheRun = /^(?:build|system|pipeline|resources)\./i;

/** Works out an expression without its `${{ }}`. Throws ExpressionError in the service's words. */
export function evaluate(expression: string, scope: Scope): Value {
  const contexts = new Set(['parameters', 'variables', 'resources', ...scope.locals.keys()]);
  return result(parseExpression(expression, contexts), scope);
}

function result(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'call':
      return called(node.name, node.parameters, scope);
    case 'all':
      return membersOf(result(node.of, scope));
    case 'index':
      return indexed(node.of, node.by, scope);
    case 'context':
    default:
      return context(node.name, scope);
  }
}

function context(name: string, scope: Scope): Value {
  const local = scope.locals.get(name);
  if (local !== undefined) return local;
  if (name === 'resources') throw new NotSupported("the context 'resources' in a template expression");
  const values = name === 'parameters' ? scope.parameters : scope.variables;
  const at = { file: '', line: 0, column: 0 };
  const pairs = [...values].map(([key, value]) => ({
    key: { kind: 'scalar' as const, text: key, quoted: false, at },
    value: tokenOf(value),
  }));
  return { kind: 'mapping', pairs, at };
}

function tokenOf(value: Value): Token {
  if (typeof value === 'object' && value !== null && 'kind' in value) return value;
  return { kind: 'scalar', text: toText(value) ?? '', quoted: false, at: { file: '', line: 0, column: 0 } };
}

function called(name: string, parameters: readonly Node[], scope: Scope): Value {
  if (name === 'and') return parameters.every((parameter) => isTrue(result(parameter, scope)));
  if (name === 'or') return parameters.some((parameter) => isTrue(result(parameter, scope)));
  if (name === 'coalesce') {
    for (const parameter of parameters) {
      const value = result(parameter, scope);
      if (value !== null && value !== '') return value;
    }
    return null;
  }
  return call(
    name,
    parameters.map((parameter) => result(parameter, scope)),
  );
}

function indexed(of: Node, by: Node, scope: Scope): Value {
  const index = result(by, scope);
  if (of.kind === 'context' && !scope.locals.has(of.name)) return fromContext(of.name, index, scope);
  const value = result(of, scope);
  // Behind a `*` the index is that of every member.
  if (holdsAll(of)) return eachIndexed(value, index);
  return member(value, index);
}

function holdsAll(node: Node): boolean {
  return node.kind === 'all' || (node.kind === 'index' && holdsAll(node.of));
}

function fromContext(name: string, index: Value, scope: Scope): Value {
  const key = toText(index);
  if (name === 'resources') throw new NotSupported(`resources.${key ?? ''} in a template expression`);
  if (key === undefined) return null;
  if (name === 'parameters') {
    const value = scope.parameters.get(key.toLowerCase());
    if (value === undefined) throw new ExpressionError(`Key not found '${key}'`);
    return value;
  }
  const value = scope.variables.get(key.toLowerCase());
  if (value === undefined && ofTheRun.test(key))
    throw new NotSupported(`the variable '${key}' in a template expression`);
  return value ?? null;
}

function member(value: Value, index: Value): Value {
  const kind = kindOf(value);
  if (kind === 'Object') {
    const found = valueOf(value as Token, toText(index) ?? '');
    return found === undefined ? null : valueOfToken(found);
  }
  if (kind !== 'Array') return null;
  const number = toNumber(index);
  const items = (value as Token & { kind: 'sequence' }).items;
  const item = number === undefined ? undefined : items[Math.floor(number)];
  return item === undefined ? null : valueOfToken(item);
}

function membersOf(value: Value): Value {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return sequence([], noPlace);
  return value.kind === 'sequence'
    ? value
    : sequence(
        value.pairs.map((pair) => pair.value),
        value.at,
      );
}

function eachIndexed(value: Value, index: Value): Value {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'sequence') return null;
  const found = value.items.map((item) => member(valueOfToken(item), index)).filter((item) => item !== null);
  return sequence(found.map(tokenOf), value.at);
}

const noPlace = { file: '', line: 0, column: 0 };
