import { type OutputUnit, Validator } from '@cfworker/json-schema';
import { visible } from '../text/shown.ts';
import { isMapping } from './mapping.ts';

/** What in a value does not fit a schema. */
export interface SchemaFault {
  /** The names and indices that lead to it; none for the value itself. */
  readonly place: readonly string[];
  /** Completes the place to a sentence, such as `lacks 'tag'`. */
  readonly said: string;
}

/** Checks values against a JSON schema (2020-12). @returns a function that tells the first fault; undefined: there is none */
export function schemaCheck(schema: object): (value: unknown) => SchemaFault | undefined {
  // TypeScript reads every `type` in a JSON module as any string, which the validator's own types do not take.
  const validatorThat = (stops: boolean): Validator => Reflect.construct(Validator, [schema, '2020-12', stops]);
  const [thorough, brief] = [validatorThat(false), validatorThat(true)];
  return (value) => {
    try {
      const { valid, errors } = validated(value, thorough, brief);
      return valid ? undefined : faultOf(errors, schema, value);
    } catch (error) {
      // The validator writes names as parts of an address, where half a character has no form.
      if (error instanceof URIError) return { place: [], said: 'has a name with half a character (a lone surrogate)' };
      throw error;
    }
  };
}

/** The validator passes all errors on as arguments of one call, and V8 takes no more than some 100,000. */
function validated(value: unknown, thorough: Validator, brief: Validator): ReturnType<Validator['validate']> {
  try {
    return thorough.validate(value);
  } catch (error) {
    if (error instanceof RangeError) return brief.validate(value);
    throw error;
  }
}

/** Keywords that only say that something within them does not fit. */
const outer = new Set(['$ref', 'anyOf', 'items', 'properties', 'additionalProperties', 'propertyNames']);
/** What an alternative says that was not meant: one for another type, another value, or an empty list. */
const isOfOtherKind = ({ keyword, error }: OutputUnit): boolean =>
  keyword === 'type' || keyword === 'const' || (keyword === 'maxItems' && error.endsWith('> 0).'));

/** Errors come from every alternative: what lies deepest is of the one that was meant. */
function faultOf(errors: readonly OutputUnit[], schema: object, value: unknown): SchemaFault {
  const inner = errors.filter(({ keyword }) => !outer.has(keyword));
  const deepest = inner.reduce((most, error) => Math.max(most, depthOf(error)), 0);
  const [first, ...others] = inner.filter((error) => depthOf(error) === deepest);
  if (first === undefined) return { place: [], said: 'has another form' };
  const told = [first, ...others].find((error) => !isOfOtherKind(error)) ?? first;
  const ofSame = [first, ...others].filter(({ instanceLocation }) => instanceLocation === told.instanceLocation);
  const names = told.instanceLocation.split('/').slice(1).map(nameOf);
  const isChoice = ofSame.length > 1 && ofSame.every(isOfOtherKind);
  const said = isChoice ? `takes ${ofSame.map(wanted).join(', or ')}` : sentence(told, errors, schema);
  const seen = aboutForm.has(told.keyword) ? seenAt(names, value) : '';
  return { place: names.map((name) => visible(name)), said: said + seen };
}

const depthOf = ({ instanceLocation }: OutputUnit): number => instanceLocation.split('/').length;

const nameOf = (part: string): string => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');

/** Keywords whose sentences do not tell the value. */
const aboutForm = new Set(['type', 'const', 'enum', 'pattern']);

/** The text, number or word that stands at a place. */
function seenAt(place: readonly string[], value: unknown): string {
  const seen = place.reduce((at: unknown, name) => Reflect.get(Object(at), name), value);
  if (typeof seen === 'string') return `; it is '${visible(seen)}'`;
  return typeof seen === 'number' || typeof seen === 'boolean' ? `; it is ${seen}` : '';
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true, or false',
};

function wanted({ keyword, error }: OutputUnit): string {
  const [, type = ''] = /Expected "([^"]*)"/.exec(error) ?? [];
  if (keyword === 'type') return kinds[type] ?? `a ${type}`;
  return keyword === 'maxItems' ? 'an empty list' : visible(error.replace(/^.*match /, '').replace(/\.$/, ''));
}

function sentence(fault: OutputUnit, errors: readonly OutputUnit[], schema: object): string {
  const { keyword, error, keywordLocation, instanceLocation } = fault;
  const [first = '', second = ''] = [...error.matchAll(/"([^"]*)"/g)].map((match) => visible(match[1] ?? ''));
  switch (keyword) {
    case 'const':
      return `must be ${wanted(fault)}`;
    case 'enum': {
      const { enum: choices } = schemaAt(schema, keywordLocation);
      return `takes one of ${Array.isArray(choices) ? choices.join(', ') : 'some values'}`;
    }
    case 'required':
      return `lacks '${first}'`;
    case 'type':
      return `is of type ${first} instead of ${second}`;
    case 'pattern': {
      const { description } = schemaAt(schema, keywordLocation);
      return `has a form that is not allowed${typeof description === 'string' ? ` (${description.replace(/\.$/, '')})` : ''}`;
    }
    case 'false': {
      const parent = instanceLocation.slice(0, instanceLocation.lastIndexOf('/'));
      const within = errors.find((each) => each.keyword === 'additionalProperties' && each.instanceLocation === parent);
      const { properties } = schemaAt(schema, within?.keywordLocation ?? '');
      return `is not known${isMapping(properties) ? `: there are ${Object.keys(properties).join(', ')}` : ''}`;
    }
    default:
      return `does not fit: ${visible(error, 300).replace(/\.$/, '')}`;
  }
}

/** The part of a schema that holds a keyword. @param location of the keyword, through `$ref`, from the schema's root */
function schemaAt(schema: object, location: string): Readonly<Record<string, unknown>> {
  let at: unknown = schema;
  for (const part of location.split('/').slice(1, -1)) {
    const next: unknown = part === '$ref' ? schemaAtReference(schema, at) : Reflect.get(Object(at), nameOf(part));
    at = next;
  }
  return isMapping(at) ? at : {};
}

function schemaAtReference(schema: object, at: unknown): unknown {
  const reference = isMapping(at) ? at['$ref'] : undefined;
  return typeof reference === 'string' ? schemaAt(schema, `${reference}/`) : undefined;
}
