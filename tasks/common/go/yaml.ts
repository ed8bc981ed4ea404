import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, visit } from 'yaml';
import { messageOf, TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { type Fail, firstDocument, placeIn } from './document.ts';
import { floatText, type GoYamlScalar, plainScalar, taggedScalar } from './scalars.ts';

/** Parsed YAML. Objects have no order; integers are bigint and floats number. */
export type GoYamlValue = GoYamlScalar | GoYamlValue[] | { [key: string]: GoYamlValue };

/** In characters, with 100 for each value; more than any Chart.yaml needs, it stops aliases that multiply endlessly. */
const LARGEST = 16 * 1024 * 1024;

/** Of lists and mappings; Go takes 10,000 levels. */
const DEEPEST = 100;

/** What Go's parser refuses. */
const UNREADABLE = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Parses a chart's YAML to what Helm's parser would see: the first document, by the rules of YAML 1.1 as
 * go.yaml.in/yaml/v2 has them (see plainScalar), merge keys applied, keys turned to text; of equal keys the last wins.
 * @param file the name for messages
 * @throws TaskError when the text is not YAML or holds what has no JSON form
 */
export function parseGoYaml(text: string, file: string): GoYamlValue {
  try {
    const source = readable(text);
    const fail: Fail = (problem, offset) => {
      const place = offset === undefined ? undefined : placeIn(source, offset);
      throw new TaskError(place ? `${problem} at line ${place.line}, column ${place.column}` : problem);
    };
    // All scalars as they are written: what they mean is Go's affair.
    const document = firstDocument(source, { schema: 'failsafe', others: 'unread' }, fail);
    if (document === undefined) return null;
    return new Converter(aliasTargets(document.contents)).value(document.contents);
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deeply' : messageOf(error);
    throw new TaskError(`${file} is not valid YAML: ${visible(reason, 200)}.`);
  }
}

/**
 * The text with today's line breaks: YAML 1.1 knows more. Line and paragraph separators are breaks that stay in the
 * text; `helm package` writes them as such, with the next line's indentation behind.
 */
function readable(text: string): string {
  const [bad] = UNREADABLE.exec(text) ?? [];
  if (bad === undefined) return text.replaceAll(/\r\n?|\u0085/g, '\n').replaceAll(/(?<=[\u2028\u2029])[ \t]+/g, '');
  const code = bad.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  throw new TaskError(`it holds the character U+${code}, which must be written as an escape in double quotes`);
}

/** Which node each alias stands for: an anchor may be given again later, so the order in the text decides. */
function aliasTargets(root: Node | null): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(root, {
    Value: (_key, node) => void (node.anchor && anchors.set(node.anchor, node)),
    Alias: (_key, alias) => {
      const target = anchors.get(alias.source);
      if (!target) throw new TaskError(`the alias *${alias.source} has no anchor`);
      targets.set(alias, target);
    },
  });
  return targets;
}

class Converter {
  readonly #targets: Map<Alias, Node>;
  readonly #open = new Set<unknown>();
  #size = 0;

  constructor(targets: Map<Alias, Node>) {
    this.#targets = targets;
  }

  value(node: unknown): GoYamlValue {
    this.#size += 100 + (isScalar(node) ? (node.source?.length ?? 0) : 0);
    if (this.#size > LARGEST) throw new TaskError('it holds too much, or aliases that unfold to too much');
    if (this.#open.has(node)) throw new TaskError('an anchor contains an alias of itself');
    if (this.#open.size > DEEPEST) throw new TaskError('it is nested too deeply');
    this.#open.add(node);
    try {
      if (isAlias(node)) return this.value(this.#targets.get(node));
      if (isMap(node)) return Object.fromEntries(this.#entries(node.items));
      if (isSeq(node)) return node.items.map((item) => this.value(item));
      return isScalar(node) ? scalarValue(node) : null;
    } finally {
      this.#open.delete(node);
    }
  }

  /** Merged entries (`<<`) take their place in the order, as in Go: what follows them wins over them, not the rest. */
  *#entries(items: { key: unknown; value: unknown }[]): Generator<[string, GoYamlValue]> {
    for (const { key, value } of items) {
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') yield* this.#merged(value);
      else yield [keyText(this.value(key)), this.value(value)];
    }
  }

  *#merged(value: unknown): Generator<[string, GoYamlValue]> {
    for (const source of isSeq(value) ? value.items.toReversed() : [value]) {
      const map = this.value(source);
      if (typeof map !== 'object' || map === null || Array.isArray(map)) throw new TaskError('<< needs a mapping');
      yield* Object.entries(map);
    }
  }
}

function scalarValue(scalar: Scalar): GoYamlScalar {
  const source = scalar.source ?? '';
  if (scalar.type === 'PLAIN' && /[\u2028\u2029]/.test(source))
    throw new TaskError('text with the line break U+2028 or U+2029 needs quotes');
  if (!scalar.tag) return scalar.type === 'PLAIN' ? plainScalar(source) : source;
  const value = taggedScalar(scalar.tag, source);
  if (value === undefined) throw new TaskError(`${JSON.stringify(source)} cannot have the tag ${scalar.tag}`);
  return value;
}

function keyText(key: GoYamlValue): string {
  if (key === null || typeof key === 'object') throw new TaskError('a key must be text, a number or a boolean');
  return typeof key === 'number' ? (KEYS_OF_FLOATS.get(floatText(key)) ?? floatText(key)) : String(key);
}

const KEYS_OF_FLOATS = new Map([
  ['NaN', '.nan'],
  ['+Inf', '.inf'],
  ['-Inf', '-.inf'],
]);
