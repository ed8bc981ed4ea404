import type { Value } from '../expressions/value.ts';
import { NotSupported, type Complaints } from '../yaml/refusal.ts';
import { mapping, valueOf, type MappingToken, type Pair, type Token } from '../yaml/token.ts';
import { withoutRootExpressions } from './constants.ts';
import type { Files } from './files.ts';
import type { At, ListAt } from './kinds.ts';
import { variable } from './lists.ts';
import { Parameters, type Given } from './parameters.ts';
import { asResult, type Sight } from './sight.ts';
import { stepsShaped } from './typed-steps.ts';

/** The service's limit for templates within templates. */
const deepest = 100;

/** Puts the content of templates in place of the references to them. */
export class Includes {
  #depth = 0;

  constructor(
    readonly files: Files,
    readonly complaints: Complaints,
    readonly expand: (token: Token, sight: Sight, at: At) => Token,
  ) {}

  /** What a template gives to a list; beside its parameters it may hold nothing else. */
  list(reference: Token, sight: Sight, at: ListAt): readonly Token[] {
    const content = this.content(reference, sight, new Set([at]));
    const list = valueOf(content, at);
    if (list?.kind === 'sequence') return list.items;
    if (at === 'variables' && list?.kind === 'mapping') return list.pairs.map(({ key, value }) => variable(key, value));
    if (list?.kind === 'mapping') this.complaints.add('A mapping was not expected', list.at);
    return [];
  }

  /** The file that a reference names, expanded with the parameters given, without its own block of them. */
  content(reference: Token, sight: Sight, keys: ReadonlySet<string>): MappingToken | undefined {
    const target = this.#target(reference);
    if (!target) return undefined;
    const file = this.files.read(target.kind === 'scalar' ? target.text : '', target.at);
    if (!this.#isMapping(file)) return undefined;
    const before = this.complaints.count;
    const { pairs } = withoutRootExpressions(file, this.complaints);
    const isKnown = ({ key }: Pair): boolean => key.text === 'parameters' || keys.has(key.text);
    for (const { key } of pairs.filter((pair) => !isKnown(pair)))
      this.complaints.add(`Unexpected value '${key.text}'`, key.at);
    if (this.complaints.count > before) this.complaints.check();
    this.files.declare(valueOf(file, 'resources'));
    this.#depth += 1;
    const given = { values: this.#given(reference), isEntry: false, where: target.at };
    const parameters = this.parameters(valueOf(file, 'parameters'), given, sight);
    const inner = { parameters, variables: new Map(sight.variables), locals: new Map(), isResult: false };
    const body = pairs.filter((pair) => isKnown(pair) && pair.key.text !== 'parameters');
    const result = this.expand(mapping(body, file.at), inner, 'root');
    this.#depth -= 1;
    return result.kind === 'mapping' ? result : undefined;
  }

  /** The values of a file's parameters; `sight` is what the templates among the given values see. */
  parameters(block: Token | undefined, given: Given, sight: Sight): Map<string, Value> {
    const shaped = (value: Token, at: At): Token | undefined =>
      stepsShaped(this.expand(value, asResult(sight), at), at, this.complaints);
    return new Parameters(shaped, given, this.complaints).of(block);
  }

  #target(reference: Token): Token | undefined {
    if (reference.kind !== 'mapping') {
      if (reference.kind === 'scalar') this.complaints.add(`Unexpected value '${reference.text}'`, reference.at);
      else this.complaints.add('A sequence was not expected', reference.at);
      return undefined;
    }
    for (const { key } of reference.pairs.filter((pair) => !['template', 'parameters'].includes(pair.key.text)))
      this.complaints.add(`Unexpected value '${key.text}'`, key.at);
    const target = valueOf(reference, 'template');
    if (!target) throw new NotSupported('a reference to a template that names none');
    if (this.#depth >= deepest) {
      this.complaints.add('Maximum object depth exceeded', target.at);
      this.complaints.check();
    }
    return target;
  }

  #given(reference: Token): MappingToken | undefined {
    const given = valueOf(reference, 'parameters');
    if (given === undefined || given.kind === 'mapping') return given;
    if (given.kind === 'sequence') this.complaints.add('A sequence was not expected', given.at);
    else if (given.text !== '') this.complaints.add(`Unexpected value '${given.text}'`, given.at);
    return undefined;
  }

  #isMapping(file: Token | undefined): file is MappingToken {
    if (file?.kind === 'sequence') this.complaints.add('A sequence was not expected', file.at);
    if (file?.kind === 'scalar') this.complaints.add(`Unexpected value '${file.text}'`, file.at);
    return file?.kind === 'mapping';
  }
}
