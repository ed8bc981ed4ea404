import assert from 'node:assert/strict';
import { parseGoYaml } from '../../../tasks/common/go/yaml.ts';
import { refusalOf } from '../chart/refusal.ts';

const strictly = (text: string) => parseGoYaml(text, 'values.yaml', { strict: true });

describe('YAML that Go reads otherwise than we do', () => {
  for (const [text, reason] of [
    ['a: |\n  x\n    \nb: 1\n', /ends with a line of blanks only; take these blanks away at line 1, column 4/],
    ['a: >2-\n   x\n  \n', /ends with a line of blanks/],
    ['a: |\r\n  x\r\n     \r\n', /ends with a line of blanks/],
    ['a: |\n  x\n   ', /ends with a line of blanks/],
    ['{a:, b: 1}', /a blank is missing behind the colon at line 1, column 3/],
    ['a: [b, c:]', /a blank is missing behind the colon/],
    ['a: [?b]', /begins with a question mark needs quotes/],
    ['{?a : b}', /begins with a question mark needs quotes/],
    ['a: &x:1 b', /an anchor has other characters/],
    ['a: [!x, b]', /a tag stands here that means nothing to Helm/],
    ['a: !!omap []', /a tag stands here that means nothing/],
    ['1: a\n"1": b\n', /the same text as another one of another kind.*line 2, column 1/],
    ['on: a\n"true": b\n', /the same text as another one/],
  ] as const) {
    it(`is refused as ${JSON.stringify(text)}`, async () =>
      assert.match(await refusalOf(() => strictly(text)), reason));
    it(`is read where nothing depends on it as ${JSON.stringify(text)}`, () =>
      assert.doesNotThrow(() => parseGoYaml(text, 'Chart.yaml')));
  }

  it('is no more than that', () => {
    assert.deepEqual(
      strictly('a: |\n  x\n  \n\nb: [c: , "d?", {e: f}]\ng: &h-1 !!str 1\ni: *h-1\n? j\n: k\nl: "?m"\n'),
      { a: 'x\n', b: [{ c: null }, 'd?', { e: 'f' }], g: '1', i: '1', j: 'k', l: '?m' },
    );
    assert.deepEqual(strictly('1: a\n0x1: b\n'), { 1: 'b' });
  });
});
