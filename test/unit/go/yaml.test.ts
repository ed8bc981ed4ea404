import assert from 'node:assert/strict';
import { floatText, type GoYamlScalar } from '../../../tasks/common/go/scalars.ts';
import { parseGoYaml } from '../../../tasks/common/go/yaml.ts';
import { refusalOf } from '../chart/refusal.ts';

const parse = (text: string) => parseGoYaml(text, 'Chart.yaml');

// What go.yaml.in/yaml/v2 2.4.3 makes of each, and the text that sigs.k8s.io/yaml 1.6.0 makes of that: recorded.
const scalars: readonly (readonly [string, GoYamlScalar, string?])[] = [
  ['yes', true, 'true'],
  ['Off', false, 'false'],
  ['y', true, 'true'],
  ['TRUE', true, 'true'],
  ['tRue', 'tRue'],
  ['~', null],
  ['Null', null],
  ['', null],
  ['-0', 0n, '0'],
  ['012', 10n, '10'],
  ['08', 8, '8'],
  ['-012', -10n, '-10'],
  ['0x1F', 31n, '31'],
  ['0b101', 5n, '5'],
  ['0o17', 15n, '15'],
  ['1_000', 1000n, '1000'],
  ['+5', 5n, '5'],
  ['1:30', '1:30'],
  ['2026-11-22', '2026-11-22'],
  ['1.10', 1.1, '1.1'],
  ['1.', 1, '1'],
  ['.5', 0.5, '0.5'],
  ['._5', '._5'],
  ['1e6', 1e6, '1e+06'],
  ['1e-7', 1e-7, '1e-07'],
  ['1e400', '1e400'],
  ['20240115.1', 20240115.1, '2.0240116e+07'],
  ['1234567.0', 1234567, '1.234567e+06'],
  ['100000.5', 100000.5, '100000.5'],
  ['999999.96', 999999.96, '999999.94'],
  ['0.0001', 0.0001, '0.0001'],
  ['0.00001', 0.00001, '1e-05'],
  ['-0.0', -0, '-0'],
  ['3.5e38', 3.5e38, '+Inf'],
  ['9223372036854775808', 9223372036854775808n, '9223372036854775808'],
  ['18446744073709551616', 2 ** 64, '1.8446744e+19'],
  ['-9223372036854775809', -9223372036854775808, '-9.223372e+18'],
  ['.inf', Infinity, '+Inf'],
  ['-.Inf', -Infinity, '-Inf'],
  ['.nan', Number.NaN, 'NaN'],
  ['1.2.3', '1.2.3'],
  ['<<', '<<'],
  ['"012"', '012'],
  ["'yes'", 'yes'],
  ['!!str 012', '012'],
  ['!!int "7"', 7n, '7'],
  ['!!float 3', 3, '3'],
  ['!!bool on', true, 'true'],
  ['!custom 1.0', '1.0'],
  ['! 12', '12'],
];

const readOne = (text: string) => parseGoYaml(text, 'values.yaml', { others: 'it holds several documents' });

describe('YAML as Go reads it', () => {
  for (const [source, value, text] of scalars) {
    it(`knows what ${JSON.stringify(source)} means`, () => {
      assert.deepEqual(parse(`- ${source}\n`), [value]);
      if (text !== undefined) assert.equal(typeof value === 'number' ? floatText(value) : String(value), text);
    });
  }

  it('reads nothing but the first document', () => {
    assert.deepEqual(parse('---\na: b\n---\nc: [\n'), { a: 'b' });
    for (const text of ['', '---\n', '# nothing\n', '\ufeff']) assert.equal(parse(text), null);
  });

  it('lets the last of equal keys win, and turns keys to text', () => {
    assert.deepEqual(parse('{a: x, a: z, 1: i, 1.50: f, on: b, .inf: i, 0x10: h}'), {
      a: 'z',
      1: 'i',
      1.5: 'f',
      true: 'b',
      '.inf': 'i',
      16: 'h',
    });
  });

  it('merges where << stands', () => {
    const text =
      'm: &m {a: 1x, b: 2x}\nlater: {a: own, <<: *m}\nbefore: {<<: *m, a: own}\nlist: {<<: [*m, {a: z, c: 3x}]}\n';
    assert.deepEqual(parse(text), {
      m: { a: '1x', b: '2x' },
      later: { a: '1x', b: '2x' },
      before: { a: 'own', b: '2x' },
      list: { a: '1x', b: '2x', c: '3x' },
    });
  });

  it('takes the anchor that stood last before an alias', () => {
    assert.deepEqual(parse('[&a x, *a, &a z, *a]'), ['x', 'x', 'z', 'z']);
  });

  it('knows the line breaks of YAML 1.1', () => {
    assert.deepEqual(parse('a: b\u0085c: d\re: f\r\ng: h'), { a: 'b', c: 'd', e: 'f', g: 'h' });
    assert.deepEqual(parse("a: 'one\u2028    two'\nb: |\n  x\u2029  y\n"), { a: 'one\u2028two', b: 'x\u2029y\n' });
  });

  for (const [what, text, reason] of [
    ['an open bracket', 'a: [', /^Chart\.yaml is not valid YAML: .* at line 1, column \d+\.$/],
    ['a second colon', 'a: b: c', /not valid YAML: .*line 1/],
    ['a tab as indentation', 'a:\n\tb: c', /not valid YAML: .*line 2/],
    ['a control character', 'a: b\u0007', /holds the character U\+0007/],
    ['half a surrogate pair', 'a: \ud800', /holds the character U\+D800/],
    ['a line separator outside quotes', 'a: b\u2028c', /U\+2028 or U\+2029 needs quotes/],
    ['an unknown alias', 'a: *b', /an alias has no anchor: \*b at line 1, column 4/],
    ['an alias within its anchor', 'a: &a [*a]', /contains an alias of itself/],
    ['a list as key', '{[a]: b}', /a key must be text/],
    ['a merge of text', '{<<: a}', /<< needs a mapping/],
    ['a wrong tag', 'a: !!int x', /does not fit its tag: x is not tag:yaml\.org,2002:int/],
    ['binary data that is no base64', 'a: !!binary aGk', /does not fit its tag/],
    ['binary data that is no text', 'a: !!binary /w==', /does not fit its tag/],
    ['a deep nest', 'x: ' + '['.repeat(50_000), /nested too deeply/],
  ] as const) {
    it(`refuses ${what}`, async () => assert.match(await refusalOf(() => parse(text)), reason));
  }

  it('takes base64 for the text that it is of', () => {
    assert.deepEqual(parse('a: !!binary aGk=\nb: !!binary |\n  8J+Y\n  gA==\n'), { a: 'hi', b: '😀' });
  });

  it('refuses a further document where it is asked to, and says where it begins', async () => {
    assert.match(await refusalOf(() => readOne('a: b\n---\nc: d\n')), /several documents at line 2, column 1/);
    assert.deepEqual(readOne('---\na: b\n---\n# nothing\n'), { a: 'b' });
  });

  it('says nothing of the text where it is asked not to', async () => {
    const odd = [
      'p: "secret\\secret"',
      'p: *secret',
      'p: !!int secret',
      '- secret: secret: secret',
      '}secret',
      'a: secret\nb',
    ];
    for (const text of [
      ...odd,
      '"secret',
      "'secret' secret",
      'p: !secret!x secret',
      '? [secret]\n',
      '&secret &secret x',
      'p: @secret',
    ]) {
      const refusal = await refusalOf(() => parseGoYaml(text, 'values.yaml', { quiet: true }));
      assert.match(refusal, /^values\.yaml is not valid YAML: \S.* at line \d, column \d+\.$/);
      assert.doesNotMatch(refusal, /secret/);
    }
  });

  it('refuses aliases that unfold to too much, soon', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `x${level + 1}: &x${level + 1} [${Array(10).fill(`*x${level}`).join(',')}]`,
    );
    assert.match(await refusalOf(() => parse(['x0: &x0 [lol]', ...levels].join('\n'))), /unfold to too much/);
    assert.match(
      await refusalOf(() => parse(`a: &a ${'x'.repeat(500_000)}\nb: [${'*a,'.repeat(100)}]`)),
      /unfold to too much/,
    );
  });

  it('takes a number of a million digits without long work', () => {
    assert.deepEqual(parse(`- ${'1'.repeat(1_000_000)}`), ['1'.repeat(1_000_000)]);
  });
});
