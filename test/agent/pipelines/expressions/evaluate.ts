import { NotSupported } from '../yaml/refusal.ts';
import { mapping, scalar, sequence, valueOf } from '../yaml/token.ts';
import { arities, call, type FunctionOfRun } from './functions.ts';
import { parseExpression, type Names, type Node } from './parser.ts';
import { missingVariable } from './predefined.ts';
import {
  ExpressionError,
  isCollection,
  isTrue,
  membersOf,
  nowhere,
  tokenOf,
  toNumber,
  toText,
  valueOfToken,
  type Value,
} from './value.ts';

/** What an expression sees. */
export interface Scope {
  /** By their name as declared. Undefined in an expression of a run: there is no such context. */
  readonly parameters?: ReadonlyMap<string, Value>;
  /** By their name in lower case. */
  readonly variables: ReadonlyMap<string, Value>;
  /** Loop variables, and the further contexts of a run, by their name in lower case. */
  readonly locals: ReadonlyMap<string, Value>;
  /** Functions that only a run has, by their name in lower case. */
  readonly functions?: ReadonlyMap<string, FunctionOfRun>;
}

/** The contexts of template expressions, which no loop variable may be called. */
export const contexts: ReadonlySet<string> = new Set(['parameters', 'variables', 'resources']);

/** Works out an expression without its `${{ }}` or `$[ ]`. Throws ExpressionError in the service's words. */
export function evaluate(expression: string, scope: Scope): Value {
  return result(parseExpression(expression, namesOf(scope)), scope);
}

function namesOf({ parameters, locals, functions }: Scope): Names {
  const ofRun = [...(functions ?? [])].map(([name, { from, to }]) => [name, [from, to]] as const);
  return {
    functions: new Map([...arities, ...ofRun]),
    contexts: new Set([...locals.keys(), ...(parameters ? contexts : ['variables'])]),
  };
}

function result(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'call':
      return called(node.name, node.parameters, scope);
    case 'all':
      return everyMember(result(node.of, scope), holdsAll(node.of));
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
  // The service has variables there that no file has.
  if (scope.parameters && name !== 'parameters')
    throw new NotSupported(`the whole context '${name}' in a template expression`);
  const values = (name === 'parameters' ? scope.parameters : scope.variables) ?? [];
  return mapping(
    [...values].map(([key, value]) => ({ key: scalar(key, nowhere), value: tokenOf(value) })),
    nowhere,
  );
}

/** `and`, `or` and `coalesce` stop at the first value that decides. */
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
  const values = parameters.map((parameter) => result(parameter, scope));
  const ofRun = scope.functions?.get(name);
  return ofRun ? ofRun.play(...values) : call(name, values);
}

function indexed(of: Node, by: Node, scope: Scope): Value {
  const index = result(by, scope);
  if (of.kind === 'context' && !scope.locals.has(of.name)) return ofContext(of.name, index, scope);
  const value = result(of, scope);
  // Behind a `*` the index is that of every member.
  return holdsAll(of) ? eachIndexed(value, index) : member(value, index);
}

function holdsAll(node: Node): boolean {
  return node.kind === 'all' || (node.kind === 'index' && holdsAll(node.of));
}

function ofContext(name: string, index: Value, scope: Scope): Value {
  const key = toText(index);
  if (name === 'resources') throw new NotSupported(`resources.${key ?? ''} in a template expression`);
  if (key === undefined) return null;
  const lower = key.toLowerCase();
  if (name === 'variables')
    return scope.variables.get(lower) ?? (scope.parameters === undefined ? null : missingVariable(key));
  const [, value] = [...(scope.parameters ?? [])].find(([parameter]) => parameter.toLowerCase() === lower) ?? [];
  if (value === undefined) throw new ExpressionError(`Key not found '${key}'`);
  return value;
}

/** Keys mind case, but for those of the run's own contexts; an index is cut to its whole number. What is not there is Null. */
function member(value: Value, index: Value): Value {
  if (!isCollection(value)) return null;
  if (value.kind === 'mapping') {
    const key = toText(index) ?? '';
    const found = valueOf(value, value.foldsCase === true ? key.toLowerCase() : key);
    return found === undefined ? null : valueOfToken(found);
  }
  const number = toNumber(index);
  const item = number === undefined || number < 0 ? undefined : value.items[Math.floor(number)];
  return item === undefined ? null : valueOfToken(item);
}

/** `x.*`: the members of a collection, or with a second `*` those of its members. */
function everyMember(value: Value, ofMembers: boolean): Value {
  const members = membersOf(value);
  return sequence(
    (ofMembers ? members.flatMap(membersOf) : members).map((item) => tokenOf(item)),
    nowhere,
  );
}

function eachIndexed(value: Value, index: Value): Value {
  const found = membersOf(value)
    .map((item) => member(item, index))
    .filter((item) => item !== null);
  return sequence(
    found.map((item) => tokenOf(item)),
    nowhere,
  );
}
