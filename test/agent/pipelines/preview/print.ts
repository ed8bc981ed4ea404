import { Document, Pair as YamlPair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Token } from '../yaml/token.ts';

/** Prints a pipeline as YAML. What was quoted stays a string for a reader who gives types; the rest is plain if it can be. */
export function printed(token: Token): string {
  const document = new Document(undefined, { schema: 'failsafe' });
  document.contents = node(token);
  return document.toString({ lineWidth: 0, indentSeq: false, singleQuote: true, flowCollectionPadding: false });
}

function node(token: Token): Scalar | YAMLMap | YAMLSeq {
  if (token.kind === 'scalar') return scalarNode(token.text, token.quoted);
  if (token.kind === 'sequence') {
    const list = new YAMLSeq();
    list.items = token.items.map(node);
    list.flow = token.items.length === 0;
    return list;
  }
  const map = new YAMLMap();
  map.items = token.pairs.map(({ key, value }) => new YamlPair(scalarNode(key.text, false), node(value)));
  map.flow = token.pairs.length === 0;
  return map;
}

function scalarNode(text: string, quoted: boolean): Scalar {
  const scalar = new Scalar(text);
  const isTyped = /^(?:~|null|true|false|[-+]?[\d.][\w.+-]*|\.\w+)$/i.test(text);
  if (text === '' || (quoted && isTyped)) scalar.type = 'QUOTE_SINGLE';
  else if (text.includes('\n') && /\S/.test(text)) scalar.type = 'BLOCK_LITERAL';
  return scalar;
}
