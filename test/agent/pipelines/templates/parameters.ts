import { ExpressionError, isCollection, membersOf, tokenOf, valueOfToken, type Value } from '../expressions/value.ts';
import { NotSupported, type Complaints, type Place } from '../yaml/refusal.ts';
import { textOf, valueOf, type MappingToken, type Token } from '../yaml/token.ts';
import { withoutExpressions } from './constants.ts';
import type { At } from './kinds.ts';
import { converted, fromJson, known, placeOf, rootOnly, typeOf } from './types.ts';

/** What is given to a file's parameters. */
export interface Given {
  readonly values: MappingToken | undefined;
  /** The pipeline's own file: its values come from whoever queues it. */
  readonly isEntry: boolean;
  /** Where it is said that a value is missing: the reference to a template, or the entry file. */
  readonly where: Place | string;
}

/** What a declaration may say. */
const ofDeclaration = new Set(['name', 'displayName', 'type', 'default', 'values']);

/** The values of a file's parameters; complains of wrong, missing and unexpected ones. */
export class Parameters {
  /** `shaped` plays the templates within a typed value, and gives its steps the form of the preview. */
  constructor(
    readonly shaped: (value: Token, at: At) => Token | undefined,
    readonly given: Given,
    readonly complaints: Complaints,
  ) {}

  /** By their declared names. Without a block nothing is looked at. */
  of(block: Token | undefined): Map<string, Value> {
    const { values: given, isEntry, where } = this.given;
    if (block === undefined || (block.kind === 'scalar' && block.text === '')) return new Map();
    if (block.kind === 'mapping') return legacy(block, given);
    const values = new Map<string, Value>();
    if (block.kind === 'scalar') {
      this.complaints.add('Expected a sequence', block.at);
      return values;
    }
    const passed = new Map((given?.pairs ?? []).map((pair) => [pair.key.text.toLowerCase(), pair]));
    const before = this.complaints.count;
    const declarations = block.items.filter((item) => this.#isDeclaration(item));
    if (this.complaints.count > before) this.complaints.check();
    for (const declared of declarations) {
      const name = textOf(declared, 'name') ?? '';
      if ([...values.keys()].some((other) => other.toLowerCase() === name.toLowerCase()))
        throw new NotSupported(`the parameter '${name}', which is declared twice`);
      const own = passed.get(name.toLowerCase());
      passed.delete(name.toLowerCase());
      const value = own?.value ?? this.#default(declared);
      if (value === undefined) this.complaints.add(`A value for the '${name}' parameter must be provided.`, where);
      else values.set(name, this.#typed(name, declared, value));
    }
    for (const pair of passed.values())
      this.complaints.add(`Unexpected parameter '${pair.key.text}'`, isEntry ? where : pair.key.at);
    return values;
  }

  /** Keys and type of a declaration, which the service looks at before any value. */
  #isDeclaration(declared: Token): boolean {
    const before = this.complaints.count;
    if (declared.kind === 'scalar') this.complaints.add(`Unexpected value '${declared.text}'`, declared.at);
    if (declared.kind === 'sequence') this.complaints.add('A sequence was not expected', declared.at);
    const pairs = declared.kind === 'mapping' ? declared.pairs : [];
    for (const { key } of pairs)
      if (!ofDeclaration.has(key.text)) this.complaints.add(`Unexpected value '${key.text}'`, key.at);
    const type = typeOf(declared);
    const at = valueOf(declared, 'type')?.at ?? declared.at;
    if (!known.has(type) && !(this.given.isEntry && rootOnly.has(type)))
      this.complaints.add(`Unexpected value '${textOf(declared, 'type') ?? type}'`, at);
    return this.complaints.count === before;
  }

  #typed(name: string, declared: Token, value: Token): Value {
    const type = typeOf(declared);
    if (rootOnly.has(type)) return ofEntryOnly(name, declared, this.#fromQueue(type, value));
    try {
      return this.#placed(converted(name, declared, this.#fromQueue(type, value)), placeOf(type));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.complaints.add(error.message, value.at);
      return '';
    }
  }

  #placed(value: Value, at: At): Value {
    if (at === 'any' || !isCollection(value)) return value;
    const placed = this.shaped(tokenOf(value), at);
    return placed === undefined ? '' : valueOfToken(placed);
  }

  /** Whoever queues a run gives structures as JSON in a text. */
  #fromQueue(type: string, value: Token): Value {
    const isText = value.kind === 'scalar' && this.given.isEntry && !['string', 'number', 'boolean'].includes(type);
    if (!isText || !/^\s*[[{]/.test(value.text)) return valueOfToken(value);
    try {
      const parsed: unknown = JSON.parse(value.text);
      return valueOfToken(fromJson(parsed, value.at));
    } catch {
      return value.text;
    }
  }

  /** A default may be an expression only if that is a string literal alone. */
  #default(declared: Token): Token | undefined {
    const value = valueOf(declared, 'default');
    return value === undefined ? undefined : withoutExpressions(value, this.complaints);
  }
}

/** Names of things that the service looks up, and lists of names. */
function ofEntryOnly(name: string, declared: Token, value: Value): Value {
  if (typeOf(declared) !== 'stringlist') return value;
  const items = membersOf(value);
  const allowed = valueOf(declared, 'values');
  const isAllowed = (item: Value): boolean =>
    allowed?.kind !== 'sequence' || allowed.items.some((one) => valueOfToken(one) === item);
  if (isCollection(value) && value.kind === 'sequence' && items.every(isAllowed)) return value;
  throw new NotSupported(`the value of '${name}', a list of which a name is none of its 'values'`);
}

/** `parameters: { name: default }`: nothing is typed. What the service does with a name that is not there is not known. */
function legacy(block: MappingToken, given: MappingToken | undefined): Map<string, Value> {
  const values = new Map(block.pairs.map(({ key, value }) => [key.text, valueOfToken(value)]));
  for (const { key, value } of given?.pairs ?? []) {
    const lower = key.text.toLowerCase();
    const name = [...values.keys()].find((declared) => declared.toLowerCase() === lower);
    if (name === undefined) throw new NotSupported(`'${key.text}', which parameters of the old form do not declare`);
    values.set(name, valueOfToken(value));
  }
  return values;
}
