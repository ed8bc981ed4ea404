import * as fc from 'fast-check';

/** What something on the way to helm may act on. */
const pieces = [
  [
    '"',
    "'",
    ',',
    '\n',
    '\r\n',
    '\r',
    '$',
    '$(x)',
    '${x}',
    '##vso[task.setvariable variable=x]y',
    '##[error]',
    '\\',
    '\\n',
  ],
  [
    '=',
    '{',
    '}',
    '[0]',
    ': ',
    ' #',
    '- ',
    '---\n',
    '...\n',
    '%',
    '&a',
    '*a',
    '!x',
    '|',
    '>',
    '@',
    '`',
    '{{ .Values }}',
  ],
  ['\t', ' ', '\u0085', '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff', '\ufffd', '\0', '\u0007', '\u001b', '\u007f'],
  [
    '\u009f',
    '\u00a0',
    'é',
    '漢',
    '😀',
    '\u{1fffe}',
    '\u{10ffff}',
    '\u202e',
    '\u200b',
    '<',
    '>',
    '&',
    '~',
    '<<',
    '\\u0041',
  ],
].flat();

/** What YAML or helm's --set may take for something else than a text. */
export const oddScalars = [
  ['', ' ', '  x  ', 'true', 'False', 'yes', 'no', 'on', 'off', 'y', 'n', 'null', 'Null', '~', '0', '1', '-1', '+1'],
  ['014', '0o14', '0x10', '0b11', '1e6', '1E+3', '-1.5e-7', '.5', '5.', '1_000', '2001-01-01', '2001-01-01T00:00:00Z'],
  [
    '12:30',
    '.inf',
    '-.INF',
    '.NaN',
    '=',
    '-',
    '9007199254740993',
    '18446744073709551615',
    '99999999999999999999',
    '-0',
    '-0.0',
  ],
].flat();

/** Texts of every kind, also such as no YAML can hold but by escapes. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 8 })
    .map((all) => all.join('')),
  fc.constantFrom(...oddScalars),
);

export const oddKey: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'c',
    'a.b',
    '__proto__',
    'constructor',
    'toString',
    '',
    '1',
    'true',
    'null',
    '<<',
    '"q"',
    'x'.repeat(1200),
  ),
  oddText,
);

/** A text that can be the value of a line: what would end the line, or is a macro and nothing else, is taken out. */
export function onOneLine(text: string): string {
  return text
    .replaceAll(/\r?\n/g, '\\')
    .replace(/\r+$/, '')
    .replace(/^\$\(x\)$/, '');
}
