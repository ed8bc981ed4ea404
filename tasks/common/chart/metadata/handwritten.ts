import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { floatText, plainScalar } from '../../go/scalars.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown, visible } from '../../text/shown.ts';

const deepest = 50;

/**
 * Checks YAML that people write, more strictly than Helm reads it: Helm takes the last of two equal keys, and makes
 * `1.1` of `appVersion: 1.10`, without a word.
 * @param file how messages name it
 * @returns the keys of the mapping that the file holds
 * @throws TaskError, with line and column, for broken YAML and for what Helm would read otherwise than it looks
 */
export function checkHandwrittenYaml(text: string, file: string): string[] {
  const lines = new LineCounter();
  const fail = (problem: string, offset = 0): never => {
    const { line, col } = lines.linePos(offset);
    throw new TaskError(`${file}, line ${line}, column ${col}: ${problem}.`);
  };
  const document = parsed(text, file, lines);
  const [error] = document.errors;
  if (error !== undefined) fail(`this is not valid YAML (${visible(error.message, 200)})`, error.pos[0]);
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
  if (!isMap(document.contents))
    throw new TaskError(`${file} must hold fields such as "name: mychart", but it ${kindOf(document)}.`);
  return document.contents.items.map(({ key }) => String(key));
}

function parsed(text: string, file: string, lines: LineCounter): Document.Parsed {
  // Without the library's check of unique keys, whose time grows with the square of their number.
  const options = { schema: 'failsafe', resolveKnownTags: false, uniqueKeys: false } as const;
  const document = parseDocument(text, { ...options, prettyErrors: false, lineCounter: lines });
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
    throw new TaskError(`${file} is nested too deeply to be read.`);
  }
  return document;
}

function refuseSameKeys(map: YAMLMap, fail: (problem: string, offset?: number) => never): void {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) fail(`the key ${shown(name)} stands here for the second time`, key.range?.[0]);
    seen.add(name);
  }
}

/** What Helm's YAML 1.1 makes of an unquoted value, when that is not what is written. */
function otherMeaning({ type, tag, source = '' }: Scalar): string | undefined {
  if (type !== 'PLAIN' || tag !== undefined) return undefined;
  const value = plainScalar(source);
  if (value === null || typeof value === 'string') return undefined;
  const meaning = typeof value === 'number' ? floatText(value) : String(value);
  return meaning === source ? undefined : meaning;
}

function kindOf({ contents }: Document.Parsed): string {
  if (contents === null || (isScalar(contents) && contents.source === '')) return 'is empty';
  return isSeq(contents) ? 'is a list' : 'is a single text';
}
