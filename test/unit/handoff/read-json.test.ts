import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { largestFile, readJson } from '../../../tasks/common/handoff/read-json.ts';

const read = (text: string): unknown => readJson(Buffer.from(text), 'variables.json');

/** What JSON.parse makes of the text; undefined for what it refuses. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

describe('the reader of untrusted JSON', () => {
  it('reads what JSON.parse reads, from JSON of few levels', () => {
    const values = fc.jsonValue({ maxDepth: 5, noUnicodeString: false });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/"(__proto__|constructor|prototype)"|\\ud[89a-f]/i.test(text));
        assert.deepEqual(read(text), JSON.parse(text));
      }),
    );
  });

  it('never reads what JSON.parse refuses, nor anything else than it', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '"a"',
      '1',
      '-',
      '0',
      '.5',
      'e9',
      'true',
      'null',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        let value: unknown;
        try {
          value = read(text);
        } catch {
          return;
        }
        assert.deepEqual(value, parsed(text));
      }),
      { numRuns: 5000 },
    );
  });

  for (const [text, reason] of [
    ['', /not valid JSON/],
    ['{', /not valid JSON/],
    ['{"a" 1}', /a colon is missing \(line 1, column 6\)/],
    ['[1 2]', /a comma or \] is missing/],
    ['[1,]', /a value is missing/],
    ['{"a":1,}', /a text is missing/],
    ['{} x', /something after its end/],
    ['01', /not valid JSON/],
    ['1.', /not valid JSON/],
    ['1e999', /number 1e999, which is too large/],
    ['"a\nb"', /not valid JSON/],
    [String.raw`"\x41"`, /not valid JSON/],
    [String.raw`"\ud800"`, /lone surrogate/],
    ['{"a":1,"a":1}', /the key 'a' twice \(line 1, column 11\)/],
    [String.raw`{"a":1,"\u0061":2}`, /the key 'a' twice/],
    [String.raw`{"__pr\u006fto__":1}`, /the key '__proto__'/],
    [`${'['.repeat(9)}${']'.repeat(9)}`, /deeper than 8 levels/],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => read(text), reason));
  }

  it('takes eight levels, a byte order mark and 256 KiB', () => {
    assert.doesNotThrow(() => read(`${'['.repeat(8)}${']'.repeat(8)}`));
    assert.equal(read('\ufeff1'), 1);
    const text = JSON.stringify('x'.repeat(largestFile - 2));
    assert.equal(text.length, largestFile);
    assert.doesNotThrow(() => read(text));
    assert.throws(() => read(`${text} `), /has 262145 bytes/);
  });

  it('refuses what is not UTF-8', () => {
    assert.throws(() => readJson(Buffer.of(0x22, 0xff, 0x22), 'variables.json'), /not UTF-8/);
  });

  it('shows no invisible character of a key', () => {
    assert.throws(() => read('{"a\u202e":1,"a\u202e":2}'), /'a\\u\{202e\}' twice/);
  });
});
