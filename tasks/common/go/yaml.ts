import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Scalar, visit } from 'yaml';
import { messageOf, TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { type Fail, firstDocument, placeIn } from './document.ts';
import { refuseTwoReadings } from './readings.ts';
import { floatText, type GoYamlScalar, plainScalar, taggedScalar } from './scalars.ts';

/** Parsed YAML. Objects have no order; integers are bigint and floats number. */
export type GoYamlValue = GoYamlScalar | GoYamlValue[] | { [key: string]: GoYamlValue };

/** In characters, with 100 for each value; more than any Chart.yaml needs, it stops aliases that multiply endlessly. */
const LARGEST = 16 * 1024 * 1024;

/** What is read otherwise than a chart's own files. */
export interface GoYamlOptions {
  /** How many words and marks at most; see document.ts. */
  readonly tokens?: number;
  /** How much all values may be, in characters and 100 for each. */
  readonly largest?: number;
  /** What is wrong with a further document; undefined: it is not read, as by Helm 3. */
  readonly others?: string;
  /** Refuse what Go may read otherwise than is seen here. */
  readonly strict?: boolean;
  /** The text may hold secrets that nobody knows, so messages hold nothing of it but the place. */
  readonly quiet?: boolean;
}

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
export function parseGoYaml(text: string, file: string, options: GoYamlOptions = {}): GoYamlValue {
  const { others, quiet = false, strict = false, tokens } = options;
  try {
    const source = readable(text);
    const fail: Fail = (problem, offset) => {
      const place = offset === undefined ? undefined : placeIn(source, offset);
      const said = quiet ? withoutText(problem) : problem;
      throw new TaskError(place ? `${said} at line ${place.line}, column ${place.column}` : said);
    };
    // All scalars as they are written: what they mean is Go's affair.
    const how = {
      schema: 'failsafe',
      others: others === undefined ? 'unread' : (offset: number): never => fail(others, offset),
      ...(tokens !== undefined && { tokens }),
    } as const;
    const document = firstDocument(source, how, fail);
    if (document === undefined) return null;
    if (strict) refuseTwoReadings(document, source, fail);
    return new Converter(aliasTargets(document.contents, fail), options, fail).value(document.contents);
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deeply' : messageOf(error);
    throw new TaskError(`${file} is not valid YAML: ${visible(reason, 200)}.`);
  }
}

/** What the library says is wrong, without what it cites. */
function withoutText(problem: string): string {
  if (/^Missing closing .quote$/.test(problem)) return 'a closing quote is missing';
  return problem.split(/[:"'`\\]/, 1)[0]?.trim() ?? '';
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
function aliasTargets(root: Node | null, fail: Fail): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(root, {
    Value: (_key, node) => void (node.anchor && anchors.set(node.anchor, node)),
    Alias: (_key, alias) => {
      const target = anchors.get(alias.source);
      targets.set(alias, target ?? fail(`an alias has no anchor: *${alias.source}`, alias.range?.[0]));
    },
  });
  return targets;
}

class Converter {
  readonly #targets: Map<Alias, Node>;
  readonly #largest: number;
  readonly #strict: boolean;
  readonly #fail: Fail;
  readonly #open = new Set<unknown>();
  #size = 0;

  constructor(targets: Map<Alias, Node>, { largest = LARGEST, strict = false }: GoYamlOptions, fail: Fail) {
    this.#targets = targets;
    this.#largest = largest;
    this.#strict = strict;
    this.#fail = fail;
  }

  value(node: unknown): GoYamlValue {
    this.#size += 100 + (isScalar(node) ? (node.source?.length ?? 0) : 0);
    if (this.#size > this.#largest) this.#fail('it holds too much, or aliases that unfold to too much', placeOf(node));
    if (this.#open.has(node)) this.#fail('an anchor contains an alias of itself', placeOf(node));
    if (this.#open.size > DEEPEST) this.#fail('it is nested too deeply', placeOf(node));
    this.#open.add(node);
    try {
      if (isAlias(node)) return this.value(this.#targets.get(node));
      if (isMap(node)) return Object.fromEntries(this.#entries(node.items));
      if (isSeq(node)) return node.items.map((item) => this.value(item));
      return isScalar(node) ? scalarValue(node, this.#fail) : null;
    } finally {
      this.#open.delete(node);
    }
  }

  /** Merged entries (`<<`) take their place in the order, as in Go: what follows them wins over them, not the rest. */
  *#entries(items: { key: unknown; value: unknown }[]): Generator<[string, GoYamlValue]> {
    const kinds = new Map<string, string>();
    for (const { key, value } of items) {
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') yield* this.#merged(value);
      else yield [this.#keyText(key, kinds), this.value(value)];
    }
  }

  *#merged(value: unknown): Generator<[string, GoYamlValue]> {
    for (const source of isSeq(value) ? value.items.toReversed() : [value]) {
      const map = this.value(source);
      if (typeof map !== 'object' || map === null || Array.isArray(map))
        this.#fail('<< needs a mapping', placeOf(source));
      else yield* Object.entries(map);
    }
  }

  /** @param kinds of the keys before it in the mapping, by their texts */
  #keyText(node: unknown, kinds: Map<string, string>): string {
    const key = this.value(node);
    if (key === null || typeof key === 'object')
      return this.#fail('a key must be text, a number or a boolean', placeOf(node));
    const text = typeof key === 'number' ? (KEYS_OF_FLOATS.get(floatText(key)) ?? floatText(key)) : String(key);
    if (this.#strict && (kinds.get(text) ?? typeof key) !== typeof key)
      this.#fail('a key is the same text as another one of another kind; Helm takes either', placeOf(node));
    kinds.set(text, typeof key);
    return text;
  }
}

function placeOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function scalarValue(scalar: Scalar, fail: Fail): GoYamlScalar {
  const source = scalar.source ?? '';
  if (scalar.type === 'PLAIN' && /[\u2028\u2029]/.test(source))
    fail('text with the line break U+2028 or U+2029 needs quotes', placeOf(scalar));
  if (!scalar.tag) return scalar.type === 'PLAIN' ? plainScalar(source) : source;
  const value = taggedScalar(scalar.tag, source);
  return value === undefined
    ? fail(`a value does not fit its tag: ${source} is not ${scalar.tag}`, placeOf(scalar))
    : value;
}

const KEYS_OF_FLOATS = new Map([
  ['NaN', '.nan'],
  ['+Inf', '.inf'],
  ['-Inf', '-.inf'],
]);
