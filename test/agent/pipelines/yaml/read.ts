import { isAlias, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, type ParsedNode, type YAMLMap } from 'yaml';
import { NotSupported, type Complaints, type Place } from './refusal.ts';
import { mapping, scalar, sequence, type Pair, type ScalarToken, type Token } from './token.ts';

/** Reads a file as tokens with their places; every scalar keeps its text (`007`, `true`), null is ''. */
export function readYaml(text: string, file: string, complaints: Complaints): Token {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, schema: 'failsafe', uniqueKeys: false, version: '1.1' });
  if (!Array.isArray(parsed) || parsed.length === 0) return mapping([], { file, line: 1, column: 1 });
  if (parsed.length > 1) throw new NotSupported(`several documents in ${file}`);
  const document = parsed[0];
  const [error] = document?.errors ?? [];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new NotSupported(
      `YAML that the parser refuses: ${file} (Line: ${line}, Col: ${col}): ${error.message.split('\n')[0]}`,
    );
  }
  const root = document?.contents ?? null;
  return new Reader(file, lines, complaints).token(root, { file, line: 1, column: 1 });
}

class Reader {
  constructor(
    readonly file: string,
    readonly lines: LineCounter,
    readonly complaints: Complaints,
  ) {}

  token(node: ParsedNode | null, fallback: Place): Token {
    if (node === null) return scalar('', fallback);
    const at = this.#place(node, fallback);
    if (isAlias(node)) {
      throw new NotSupported(`the alias '*${node.source}' in ${this.file}`);
    }
    if (node.anchor !== undefined) throw new NotSupported(`the anchor '&${node.anchor}' in ${this.file}`);
    if (isScalar(node)) return this.#scalar(node, at);
    if (isSeq(node))
      return sequence(
        node.items.map((item) => this.token(item as ParsedNode | null, at)),
        at,
      );
    return this.#mapping(node, at);
  }

  #mapping(node: YAMLMap.Parsed, at: Place): Token {
    const seen = new Set<string>();
    const pairs: Pair[] = [];
    for (const item of node.items) {
      if (!isPair(item)) continue;
      const key = this.token(item.key, at);
      if (key.kind !== 'scalar') {
        this.complaints.add('Expected a scalar value', key.at);
        continue;
      }
      const name = key.text.toLowerCase();
      if (seen.has(name) && !key.text.startsWith('${{'))
        this.complaints.add(`'${key.text}' is already defined`, key.at);
      else pairs.push({ key, value: this.token(item.value, this.#after(item.key, key.at)) });
      seen.add(name);
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

  /** An empty value stands behind the colon of its key. */
  #after(key: ParsedNode, fallback: Place): Place {
    const { line, col } = this.lines.linePos(key.range[1] + 1);
    return line === 0 ? fallback : { file: this.file, line, column: col };
  }

  #place(node: ParsedNode, fallback: Place): Place {
    if (isScalar(node) && node.type === 'PLAIN' && node.range[0] === node.range[1]) return fallback;
    const { line, col } = this.lines.linePos(node.range[0]);
    return { file: this.file, line, column: col };
  }
}
