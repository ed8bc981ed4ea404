import { ExpressionError, isCollection, toNumber, toText, valueOfToken, type Value } from '../expressions/value.ts';
import { scalar, textOf, valueOf, type Token } from '../yaml/token.ts';
import type { At } from './kinds.ts';

/** Types that hold parts of a pipeline: their name in messages, and where such a value would stand. */
const shaped: ReadonlyMap<string, readonly [name: string, at: At]> = new Map([
  ['step', ['Step', 'step']],
  ['steplist', ['StepList', 'steps']],
  ['job', ['Job', 'job']],
  ['joblist', ['JobList', 'jobs']],
  ['deployment', ['Deployment', 'job']],
  ['deploymentlist', ['DeploymentList', 'jobs']],
  ['stage', ['Stage', 'stage']],
  ['stagelist', ['StageList', 'stages']],
  ['container', ['Container', 'any']],
  ['containerlist', ['ContainerList', 'any']],
]);

/** Types that only the entry file may have. */
export const rootOnly: ReadonlySet<string> = new Set([
  'environment',
  'filepath',
  'pool',
  'securefile',
  'serviceconnection',
  'stringlist',
]);

/** Types that a template may have too; `legacyObject` is what an untyped parameter was. */
export const known: ReadonlySet<string> = new Set([
  'string',
  'number',
  'boolean',
  'object',
  'legacyobject',
  ...shaped.keys(),
]);

/** Where a value of a type would stand in a pipeline. */
export function placeOf(type: string): At {
  return shaped.get(type)?.[1] ?? 'any';
}

/** A declaration's type in lower case; without one it is a string. */
export function typeOf(declared: Token): string {
  return (textOf(declared, 'type') ?? 'string').toLowerCase();
}

/** A value as the declared type has it. Throws ExpressionError in the service's words. */
export function converted(name: string, declared: Token, value: Value): Value {
  const type = typeOf(declared);
  const text = toText(value);
  switch (type) {
    case 'object':
    case 'legacyobject':
      return value ?? '';
    case 'string':
      if (text === undefined) throw new ExpressionError(`The '${name}' parameter is not a valid String.`);
      return allowed(name, text, declared);
    case 'boolean':
      if (text === undefined || !/^\s*(?:true|false)\s*$/i.test(text)) throw wrong(name, text, 'Boolean');
      return text.trim().toLowerCase() === 'true';
    case 'number':
      return allowed(name, numberOf(name, text), declared);
    default:
      return structure(name, type, value);
  }
}

function numberOf(name: string, text: string | undefined): number {
  const number = text === undefined || text === '' ? undefined : toNumber(text);
  if (number === undefined) throw wrong(name, text, 'Number');
  return number;
}

function structure(name: string, type: string, value: Value): Value {
  const wanted = type.endsWith('list') ? 'sequence' : 'mapping';
  if (isCollection(value) && value.kind === wanted) return value;
  throw new ExpressionError(`The '${name}' parameter is not a valid ${shaped.get(type)?.[0] ?? type}.`);
}

function wrong(name: string, text: string | undefined, type: string): ExpressionError {
  if (text === undefined) return new ExpressionError(`The '${name}' parameter is not a valid ${type}.`);
  return new ExpressionError(`The '${name}' parameter value '${text}' is not a valid ${type}.`);
}

/** `values` mind case. */
function allowed(name: string, value: string | number, declared: Token): Value {
  const values = valueOf(declared, 'values');
  if (values?.kind !== 'sequence') return value;
  const taken = values.items.some((item) => {
    const one = valueOfToken(item);
    return typeof value === 'number' ? toNumber(one) === value : one === value;
  });
  if (!taken) throw new ExpressionError(`The '${name}' parameter value '${toText(value)}' is not a valid value.`);
  return value;
}

/** JSON given at queue time, as tokens. */
export function fromJson(value: unknown, at: Token['at']): Token {
  if (Array.isArray(value)) return { kind: 'sequence', items: value.map((item) => fromJson(item, at)), at };
  if (value === null) return scalar('', at);
  if (typeof value !== 'object') return scalar(typeof value === 'string' ? value : JSON.stringify(value), at);
  const pairs = Object.entries(value).map(([key, item]) => ({ key: scalar(key, at), value: fromJson(item, at) }));
  return { kind: 'mapping', pairs, at };
}
