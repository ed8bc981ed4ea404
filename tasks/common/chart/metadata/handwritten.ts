import { type Document, isCollection, isMap, isPair, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { type Fail, firstDocument, placeIn, refuseSameKeys } from '../../go/document.ts';
import { isField } from '../../go/fields.ts';
import { floatText, plainScalar } from '../../go/scalars.ts';
import { TaskError } from '../../task/outcome.ts';
import { visible } from '../../text/shown.ts';

const deepest = 50;

/** More than so many odd values are counted, not named. */
const mostNamed = 5;

/** Fields of a chart that `helm package` can be told. */
export type ReplacedField = 'version' | 'appVersion';

export interface HandwrittenRules {
  /** Fields at the top that get another value, so that what is written there is not judged. */
  readonly replaced?: readonly ReplacedField[];
  /** Told, in a sentence, of values that Helm reads otherwise than they look. */
  readonly warn?: (message: string) => void;
}

/**
 * Checks YAML that people write, more strictly than Helm reads it: Helm takes the last of two equal keys, reads the first
 * of two documents, and makes `1.1` of `version: 1.10`, without a word.
 * @param file how messages name it
 * @returns the keys of the mapping that the file holds
 * @throws TaskError, with line and column, for broken YAML, and for a version that Helm would read otherwise than it looks
 */
export function checkHandwrittenYaml(text: string, file: string, rules: HandwrittenRules = {}): string[] {
  const fail: Fail = (problem, offset = 0) => {
    const { line, column } = placeIn(text, offset);
    throw new TaskError(`${file}, line ${line}, column ${column}: ${problem}.`);
  };
  const others = (offset: number): never =>
    fail(
      'a second YAML document begins here, of which Helm reads nothing; remove it, or the line --- before it',
      offset,
    );
  const document = firstDocument(text, { schema: 'failsafe', others }, (problem, offset) =>
    fail(`this is not valid YAML (${problem})`, offset),
  );
  const odd = document === undefined ? [] : checkNodes(document, fail, rules.replaced ?? []);
  if (!isMap(document?.contents))
    throw new TaskError(`${file} must hold fields such as "name: mychart", but it ${kindOf(document)}.`);
  if (odd.length > 0) rules.warn?.(oddValues(text, file, odd));
  return document.contents.items.map(({ key }) => nameOf(key));
}

/** A value that Helm reads otherwise than it is written. */
interface OddValue {
  readonly source: string;
  readonly meaning: string;
  readonly offset: number;
}

function checkNodes(document: Document.Parsed, fail: Fail, replaced: readonly ReplacedField[]): OddValue[] {
  const odd: OddValue[] = [];
  visit(document, {
    Collection: (_key, node, ancestors) => {
      if (ancestors.filter(isCollection).length >= deepest)
        fail(`this is nested more than ${deepest} levels deep`, node.range?.[0]);
      if (isMap(node)) refuseSameKeys(node, fail);
    },
    Scalar: (key, node, ancestors) => {
      const meaning = key === 'key' ? undefined : otherMeaning(node);
      const field = fieldAtTop(ancestors);
      if (meaning === undefined || replaced.some((name) => isField(field, name))) return;
      const [source, offset] = [visible(node.source ?? ''), node.range?.[0] ?? 0];
      // It becomes the tag, and nobody looks for 1.10 under 1.1.
      if (isField(field, 'version'))
        fail(`Helm reads ${source} as ${meaning}. Write "${source}" in quotes, or ${meaning}`, offset);
      odd.push({ source, meaning, offset });
    },
  });
  return odd;
}

/** The field of the whole mapping that a scalar is the value of, as it is written; else empty. */
function fieldAtTop(ancestors: readonly unknown[]): string {
  const [, , pair, ...deeper] = ancestors;
  return isPair(pair) && deeper.length === 0 ? nameOf(pair.key) : '';
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function oddValues(text: string, file: string, odd: readonly OddValue[]): string {
  const named = odd.slice(0, mostNamed).map(({ source, meaning, offset }) => {
    const { line, column } = placeIn(text, offset);
    return `${source} as ${meaning} (line ${line}, column ${column})`;
  });
  const more = odd.length > mostNamed ? ` and ${odd.length - mostNamed} more` : '';
  return `${file}: Helm reads ${named.join(', ')}${more}. Put into quotes what is to stay as it is written.`;
}

/** What Helm's YAML 1.1 makes of an unquoted value, when that is not what is written. */
function otherMeaning({ type, tag, source = '' }: Scalar): string | undefined {
  if (type !== 'PLAIN' || tag !== undefined) return undefined;
  const value = plainScalar(source);
  if (value === null || typeof value === 'string') return undefined;
  const meaning = typeof value === 'number' ? floatText(value) : String(value);
  return meaning === source ? undefined : meaning;
}

function kindOf(document: Document.Parsed | undefined): string {
  const contents = document?.contents ?? null;
  if (contents === null || (isScalar(contents) && contents.source === '')) return 'is empty';
  return isSeq(contents) ? 'is a list' : 'is a single text';
}
