import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { printable } from '../../../tasks/common/text/shown.ts';

/** Where the agent finds a command, and the log's page a format: anywhere, in any case, blind to what weighs nothing. */
function holdsCommand(text: string): boolean {
  return text
    .split(/[\r\n]/)
    .some((line) => /##(?:vso)?\[/i.test(line.replace(/[\p{C}\p{Me}\p{Default_Ignorable_Code_Point}]/gu, '')));
}

describe('text that is printed', () => {
  it('keeps its words, its tabs and its lines', () => {
    assert.equal(printable('größe\t図 ✓ 🚀\nsecond # line [1]'), 'größe\t図 ✓ 🚀\nsecond # line [1]');
    assert.equal(printable('one\r\ntwo\rthree\u2028four'), 'one\ntwo\nthree\nfour');
  });

  for (const text of [
    '##vso[task.complete result=Succeeded]',
    'x ##VsO[task.setvariable variable=a]b',
    '#####vso[task.debug]',
    '##\u200bvso[task.debug]',
    '##v\ufe0fso[task.debug]',
    '##vso\u00ad[task.debug]',
    '##\u034fvso[task.debug]',
    '##v\u{e0001}so[task.debug]',
    '##vso\ud800[task.debug]',
    '##\u20ddvso[task.debug]',
    '#\u20e3#v\u0488so[task.debug]',
    '##[error]The deployment failed.',
    'one\r##[group]nothing to see',
    '##v\x1b[0mso[task.debug]##vso[task.debug]',
  ]) {
    it(`cannot be a command: ${JSON.stringify(text)}`, () => {
      assert.equal(holdsCommand(printable(text)), false);
      assert.equal(printable(printable(text)), printable(text));
    });
  }

  it('cannot be a command, whatever it is made of', () => {
    const piece = fc.constantFrom(
      '##',
      '#',
      'v',
      's',
      'o',
      'vso',
      'VSO',
      '[',
      '\r',
      '\n',
      '\u200b',
      '\u20dd',
      '\u202e',
      '\ufe0f',
      '\x00',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 12 }),
        (pieces) => {
          const text = printable(pieces.join(''));
          assert.equal(holdsCommand(text), false);
          // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
          assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        },
      ),
    );
  });
});
