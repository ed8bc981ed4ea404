import type { YAMLParseError } from 'yaml';

/** A fault of a file's YAML: where it begins, and the words of the service's parser (YamlDotNet). */
export interface Fault {
  readonly offset: number;
  /** How many characters it covers; the parser's tokens of indentation cover none. */
  readonly length: number;
  readonly message: string;
}

const noKey = 'While parsing a block mapping, did not find expected key.';
const noEntry = "While parsing a block collection, did not find expected '-' indicator.";
const noStart = 'While scanning for the next token, find character that cannot start any token.';
const noColon = "While scanning a simple key, could not find expected ':'.";
const noValue = 'Mapping values are not allowed in this context.';

/** The first fault in the words of the service's parser; of rare ones the words are near, not certain. */
export function faultOf(error: YAMLParseError, text: string): Fault {
  const [start] = error.pos;
  const firstWord = start + (/^[ \t\r\n]*/.exec(text.slice(start))?.[0].length ?? 0);
  const code: string = error.code;
  // The sign of an item is a token of its own, which a mapping does not expect.
  if (/^-\s/.test(text.slice(firstWord)) && isFirst(text, firstWord) && code !== 'BAD_INDENT')
    return { offset: firstWord, length: 1, message: noKey };
  switch (code) {
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return { offset: start, length: 1, message: noStart };
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return { offset: secondColon(text, start), length: 0, message: noValue };
    case 'BAD_INDENT':
      return indentation(error.message, text, firstWord);
    case 'MISSING_CHAR':
      return missing(error.message, start);
    case 'BAD_DQ_ESCAPE':
      return { offset: start, length: 1, message: 'While parsing a quoted scalar, find unknown escape character.' };
    default:
      return { offset: firstWord, length: 0, message: /^(?:#.*\s*)*- /.test(text) ? noEntry : noKey };
  }
}

/** Whether nothing stands in front of it in its line. */
function isFirst(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

function indentation(message: string, text: string, offset: number): Fault {
  if (message.startsWith('Flow map'))
    return { offset, length: 0, message: "While parsing a flow mapping, did not find expected ',' or '}'." };
  if (message.startsWith('Flow sequence'))
    return { offset, length: 0, message: "While parsing a flow sequence, did not find expected ',' or ']'." };
  // A sequence that begins at its key's column has no indentation of its own: there the mapping is at fault.
  const isIndented = /^ +-/m.test(text.slice(0, offset));
  return { offset, length: 0, message: message.startsWith('All sequence items') && isIndented ? noEntry : noKey };
}

function missing(message: string, offset: number): Fault {
  if (message.includes('quote'))
    return { offset, length: 0, message: 'While scanning a quoted scalar, find unexpected end of stream.' };
  return { offset, length: 0, message: message.includes('map') ? noColon : noKey };
}

/** The colon of a mapping within what was to be one value. */
function secondColon(text: string, from: number): number {
  const found = /:(?=\s|$)/.exec(text.slice(from));
  return from + (found?.index ?? 0);
}
