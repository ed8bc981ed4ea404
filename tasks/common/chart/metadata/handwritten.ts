import { type Document, isCollection, isMap, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { type Fail, firstDocument, placeIn, refuseSameKeys } from '../../go/document.ts';
import { floatText, plainScalar } from '../../go/scalars.ts';
import { TaskError } from '../../task/outcome.ts';
import { visible } from '../../text/shown.ts';

const deepest = 50;

/**
 * Checks YAML that people write, more strictly than Helm reads it: Helm takes the last of two equal keys, and makes
 * `1.1` of `appVersion: 1.10`, without a word.
 * @param file how messages name it
 * @returns the keys of the mapping that the file holds
 * @throws TaskError, with line and column, for broken YAML and for what Helm would read otherwise than it looks
 */
export function checkHandwrittenYaml(text: string, file: string): string[] {
  const fail: Fail = (problem, offset = 0) => {
    const { line, column } = placeIn(text, offset);
    throw new TaskError(`${file}, line ${line}, column ${column}: ${problem}.`);
  };
  const document = firstDocument(text, { schema: 'failsafe', others: 'refused' }, (problem, offset) =>
    fail(`this is not valid YAML (${problem})`, offset),
  );
  if (document !== undefined) checkNodes(document, fail);
  if (!isMap(document?.contents))
    throw new TaskError(`${file} must hold fields such as "name: mychart", but it ${kindOf(document)}.`);
  return document.contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
}

function checkNodes(document: Document.Parsed, fail: Fail): void {
  visit(document, {
    Collection: (_key, node, ancestors) => {
      if (ancestors.filter(isCollection).length >= deepest)
        fail(`this is nested more than ${deepest} levels deep`, node.range?.[0]);
      if (isMap(node)) refuseSameKeys(node, fail);
    },
    Scalar: (key, node) => {
      const meaning = key === 'key' ? undefined : otherMeaning(node);
      if (meaning === undefined) return;
      const source = visible(node.source ?? '');
      fail(`Helm reads ${source} as ${meaning}. Write "${source}" in quotes, or ${meaning}`, node.range?.[0]);
    },
  });
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
