import { isAlias, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, type ParsedNode, type YAMLMap } from 'yaml';
import { faultOf } from './faults.ts';
import { NotSupported, type Complaints, type Place } from './refusal.ts';
import { mapping, scalar, sequence, type Pair, type ScalarToken, type Token } from './token.ts';

/**
 * Reads a file as tokens with their places; every scalar keeps its text (`007`, `true`), null is ''.
 * Throws Refused for what the service's parser refuses, with what was found in front of it.
 */
export function readYaml(text: string, file: string, complaints: Complaints): Token {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, schema: 'failsafe', uniqueKeys: false, version: '1.1' });
  const documents = Array.isArray(parsed) ? parsed : [];
  const [document, ...others] = documents;
  const [error] = document?.errors ?? [];
  if (error?.code === 'RESOURCE_EXHAUSTION') throw new NotSupported(`such deep YAML in ${file}`);
  if (error) {
    const { offset, length, message } = faultOf(error, text);
    const mark = (at: number): string => `(Line: ${lines.linePos(at).line}, Col: ${lines.linePos(at).col}, Idx: ${at})`;
    complaints.add(`${mark(offset)} - ${mark(offset + length)}: ${message}`, file);
  }
  if (!document) complaints.add('Expected document start parse event', file);
  complaints.check();
  if (document?.warnings.some(({ code }) => code === 'TAG_RESOLVE_FAILED')) throw new NotSupported(`a tag in ${file}`);
  const root = document?.contents ?? null;
  const token = new Reader(text, file, lines, complaints).token(root, { file, line: 1, column: 1 });
  if (others.length > 0) complaints.add('Expected stream end parse event', file);
  return token;
}

class Reader {
  constructor(
    readonly text: string,
    readonly file: string,
    readonly lines: LineCounter,
    readonly complaints: Complaints,
  ) {}

  token(node: ParsedNode | null, fallback: Place): Token {
    if (node === null) return scalar('', fallback);
    const at = this.#place(node);
    if (isAlias(node)) return this.#refused('Unexpected parsing event type: AnchorAlias', at);
    if (node.anchor !== undefined)
      return this.#refused(`Anchors are not currently supported. Remove the anchor '${node.anchor}'`, at);
    if (isScalar(node)) return this.#scalar(node, at);
    if (!isSeq(node)) return this.#mapping(node, at);
    return sequence(
      node.items.map((item) => this.token(item as ParsedNode | null, at)),
      at,
    );
  }

  /** The service's reader stops there. */
  #refused(message: string, at: Place): Token {
    this.complaints.add(message, this.file);
    this.complaints.check();
    return scalar('', at);
  }

  #mapping(node: YAMLMap.Parsed, at: Place): Token {
    const seen = new Set<string>();
    const pairs: Pair[] = [];
    for (const item of node.items) {
      if (!isPair(item)) continue;
      const key = this.token(item.key, at);
      if (key.kind !== 'scalar') throw new NotSupported(`a key that is no text in ${this.file}`);
      const value = this.token(item.value, key.at);
      const name = key.text.toLowerCase();
      if (seen.has(name)) this.complaints.add(`'${key.text}' is already defined`, key.at);
      else pairs.push({ key, value });
      // What an expression makes of a key is not known here.
      if (!key.text.includes('${{')) seen.add(name);
    }
    return mapping(pairs, at);
  }

  #scalar(node: ParsedNode, at: Place): ScalarToken {
    if (!isScalar(node)) return scalar('', at);
    const plain = node.type === 'PLAIN';
    const text = typeof node.value === 'string' ? node.value : '';
    // The core types' null, as the service's reader has it.
    const isNull = plain && /^(?:~|null|Null|NULL)?$/.test(text);
    return scalar(isNull ? '' : text, at, !plain);
  }

  /** What is empty stands behind the sign in front of it, the colon of a key or the dash of an item. */
  #place(node: ParsedNode): Place {
    const [start, end] = node.range;
    const isEmpty = isScalar(node) && node.type === 'PLAIN' && start === end;
    const { line, col } = this.lines.linePos(isEmpty ? this.text.slice(0, start).trimEnd().length : start);
    return { file: this.file, line, column: col };
  }
}
