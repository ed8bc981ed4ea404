import { ExpressionError, toNumber, toText, valueOfToken, type Value } from '../expressions/value.ts';
import { scalar, valueOf, textOf, type Token } from '../yaml/token.ts';

const shaped: Readonly<Record<string, string>> = {
  step: 'Step', steplist: 'StepList', job: 'Job', joblist: 'JobList', deployment: 'Deployment',
  deploymentlist: 'DeploymentList', stage: 'Stage', stagelist: 'StageList',
}; // prettier-ignore

/** Types that only the entry file may have. */
export const rootOnly = ['environment', 'filepath', 'pool', 'securefile', 'serviceconnection', 'stringlist'];

export const known = new Set(['string', 'number', 'boolean', 'object', ...Object.keys(shaped)]);

/** A value as the declared type has it. Throws ExpressionError in the service's words. */
export function converted(name: string, type: string, value: Value, declared: Token): Value {
  const text = toText(value);
  if (type === 'object') return value ?? '';
  if (type === 'string') {
    if (text === undefined) throw new ExpressionError(`The '${name}' parameter is not a valid String.`);
    return allowed(name, text, declared);
  }
  if (type === 'boolean') {
    if (text !== undefined && /^(?:true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === 'true';
    throw wrong(name, text, 'Boolean');
  }
  if (type === 'number') {
    const number = text === undefined || text === '' ? undefined : toNumber(text);
    if (number === undefined) throw wrong(name, text, 'Number');
    return allowed(name, number, declared);
  }
  return structure(name, type, value);
}

function structure(name: string, type: string, value: Value): Value {
  const wanted = type.endsWith('list') ? 'sequence' : 'mapping';
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === wanted) return value;
  throw new ExpressionError(`The '${name}' parameter is not a valid ${shaped[type] ?? type}.`);
}

function wrong(name: string, text: string | undefined, type: string): ExpressionError {
  if (text === undefined) return new ExpressionError(`The '${name}' parameter is not a valid ${type}.`);
  return new ExpressionError(`The '${name}' parameter value '${text}' is not a valid ${type}.`);
}

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

/** A declaration's type in lower case; without one it is a string. */
export function typeOf(declared: Token): string {
  return (textOf(declared, 'type') ?? 'string').toLowerCase();
}
