import { type Document, isScalar, type Node, type Pair, type Scalar, visit } from 'yaml';
import type { Fail } from './document.ts';

const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|binary|timestamp|map|seq)$/;

/**
 * Refuses what Go's parser (go.yaml.in/yaml/v2, which is of YAML 1.1) reads otherwise than the library does: whoever wants
 * what Helm reads must not get something else in silence. Found by comparing both on random texts.
 */
export function refuseTwoReadings(document: Document.Parsed, source: string, fail: Fail): void {
  visit(document, {
    Node: (_key, node) => {
      if ('anchor' in node && node.anchor && !/^[\w-]+$/.test(node.anchor))
        fail('an anchor has other characters in its name than letters, digits, _ and -', placeOf(node));
      if (node.tag !== undefined && !coreTag.test(node.tag))
        fail('a tag stands here that means nothing to Helm', placeOf(node));
      // In `[?a]` it is the mark of a key to Go.
      if (isScalar(node) && node.type === 'PLAIN' && node.source?.startsWith('?') === true)
        fail('a text that begins with a question mark needs quotes', placeOf(node));
      if (isScalar(node) && node.type?.startsWith('BLOCK') === true && endsInBlanks(node, source))
        fail('a block of text ends with a line of blanks only; take these blanks away', placeOf(node));
    },
    Pair: (_key, pair) => checkFlowKey(pair, source, fail),
  });
}

/** In `{a:, b: c}` the colon is part of Go's key. */
function checkFlowKey({ key, value }: Pair, source: string, fail: Fail): void {
  if (!isScalar(key) || key.type !== 'PLAIN') return;
  const [, end = 0] = key.range ?? [];
  const isEmpty = value === null || (isScalar(value) && value.source === '');
  if (isEmpty && /^:[,[\]{}]/.test(source.slice(end, end + 2))) fail('a blank is missing behind the colon', end);
}

/** The library drops a last line of blanks, also where it is indented deeper than the block and so part of the text. */
function endsInBlanks({ range }: Scalar, source: string): boolean {
  const [begin = 0, end = 0] = range ?? [];
  const behind = /(?:[ \r]*\n)*(?: +$)?/y;
  behind.lastIndex = end;
  const [header = '', ...lines] = (source.slice(begin, end) + (behind.exec(source)?.[0] ?? '')).split('\n');
  const blanks = lines.slice(lines.findLastIndex(isFilled) + 1).map((line) => line.replace(/\r$/, '').length);
  // Where the header says the indentation, it counts from that of the parent, which is not known here.
  const saysIndent = /\d/.test(header.split('#', 1)[0] ?? '');
  const indent = saysIndent ? 0 : (/^ */.exec(lines.find(isFilled) ?? '')?.[0].length ?? 0);
  return blanks.some((length) => length > indent);
}

const isFilled = (line: string): boolean => line.trim() !== '';

function placeOf(node: Node): number | undefined {
  return node.range?.[0];
}
