import { type OutputUnit, Validator } from '@cfworker/json-schema';
import schema from '../../../docs/handoff.schema.json' with { type: 'json' };
import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import type { Handoff } from './handoff.ts';

// TypeScript reads every `type` in a JSON module as any string, which the validator's own types do not take.
const validator: Validator = Reflect.construct(Validator, [schema, '2020-12']);

/**
 * Checks a value against docs/handoff.schema.json.
 * @throws TaskError that names the first member that does not fit.
 */
export function checkSchema(value: unknown): asserts value is Handoff {
  const { valid, errors } = validator.validate(value);
  if (valid) return;
  // The errors come from the outside in: the last one says what is wrong.
  const fault = errors.at(-1);
  const said = fault === undefined ? 'it is no handoff' : faultOf(fault);
  throw new TaskError(`variables.json does not fit its schema (docs/handoff.schema.json): ${said}.`);
}

function faultOf({ instanceLocation, keyword, error }: OutputUnit): string {
  // `#/images/0/tag` becomes `images.0.tag`.
  const place = visible(instanceLocation.split('/').slice(1).join('.')) || 'the file';
  const [first = '', second = ''] = [...error.matchAll(/"([^"]*)"/g)].map((match) => visible(match[1] ?? ''));
  switch (keyword) {
    case 'required':
      return `${place} lacks '${first}'`;
    case 'type':
      return `${place} is of type ${first} instead of ${second}`;
    case 'pattern':
      return `${place} has a form that is not allowed`;
    case 'false':
      return `${place} is not known`;
    default:
      return `${place}: ${visible(error, 300).replace(/\.$/, '')}`;
  }
}
