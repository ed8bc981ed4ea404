import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { realProgram } from '../../real/index.ts';
import { oddScalars } from './odd-texts.ts';
import { ValuesBench } from './values-bench.ts';

/** What the chart has itself, so that null has something to remove. */
const ofChart = 'a: {b: 1, c: {d: [1, 2], e: x}}\nb: [1]\nc: text\nnumber: 1\n';

const plainScalars = oddScalars.filter((text) => !/^[-+]?\.(inf|nan)$/i.test(text) && !['-', '='].includes(text));
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', '1', 'yes', '~x', '"~"', "'__proto__'", 'constructor');
const { value } = fc.letrec<{ value: string; list: string; mapping: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...plainScalars, ...plainScalars.map((text) => JSON.stringify(text))),
    tie('list'),
    tie('mapping'),
    tie('mapping'),
  ),
  list: fc
    .array(tie('value'), { maxLength: 3 })
    .map((items) => `[${items.map((item) => item.trim() || '""').join(', ')}]`),
  mapping: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((members) => `{${lines(members).join(', ')}}`),
}));
const file = fc.array(fc.tuple(key, value), { maxLength: 6 }).map((members) => `${lines(members).join('\n')}\n`);

function lines(members: readonly (readonly [string, string])[]): string[] {
  return members.map(([name, text]) => `${name}: ${text}`);
}

/** Each is laid over the one before. */
const written: Readonly<Record<string, string>> = {
  anchors:
    'base: &base {x: 1, y: [1, 2]}\nmore:\n  <<: *base\n  y: 3\nlist: [*base, *base]\nboth: {<<: [*base, {z: 4}]}\n',
  'equal keys': 'a: 1\na: 2\nb: {c: 1, c: {d: 2}}\n"1": x\n',
  'blocks of text': 'a: |\n  one\n\n    two\nb: >-\n  folded\n  text\n\n  more\nc: |+\n  kept\n\n\nd: "one\n  line"\n',
  'numbers of every kind':
    'big: 9007199254740993\nmax: 18446744073709551615\nmore: 99999999999999999999\nfloat: 1e6\nhex: 0x10\nold: 014\nnew: 0o14\n' +
    'half: .5\ngrouped: 1_000\nnought: -0.0\nsmall: 5e-324\ntime: 12:30\ndigits: 0.1234567890123456789\n',
  'things that look alike':
    'a: [yes, No, on, OFF, y, n, ~, null, "null", 2001-01-01, 2001-01-01 12:00:00, =]\nb: !!binary aGk=\n',
  'tags that say a kind': 'a: !!str 1\nb: !!int "3"\nc: !!float 1\nd: !!str\ne: !!bool "yes"\n',
  nothing: '# nothing but a comment\n',
  'a document with marks': '---\na: 1\n...\n',
  'a mark of the encoding and line ends of Windows': '\ufeffa: 1\r\nb: |\r\n  one\r\n  two\r\n',
};

for (const id of ['helm-3.17', 'helm-4.2'] as const) {
  describe(`Several files of values, merged as ${id} does it`, () => {
    let bench: ValuesBench;
    let helm: string;
    before(async () => {
      helm = await realProgram(id);
      bench = new ValuesBench();
      bench.put('chart/values.yaml', ofChart);
    });
    beforeEach(() => bench.warnings.splice(0));
    after(() => bench.close());

    const compare = async (texts: readonly string[]): Promise<void> => {
      const files = texts.map((text, index) => bench.put(`values-${index}.yaml`, text));
      const merged = await bench.write({ files });
      assert.deepEqual(await bench.seenBy(helm, [merged.file]), await bench.seenBy(helm, files));
    };

    for (const [what, text] of Object.entries(written)) {
      it(`with ${what}`, () => compare(['a: {x: 1}\nb: [1]\nc: {d: 2}\n', text]));
    }

    it('with null, lists and mappings over each other', () =>
      compare([
        'a: null\nb: {x: 1}\nc: [1]\n',
        'a: {b: null}\nb: null\nc: {y: 1}\n',
        'b: {z: 2}\nc: null\n',
        'a: {c: {}}\n',
      ]));

    it('whatever they hold', async () => {
      await fc.assert(fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 4 }), compare), { numRuns: 12 });
    });

    it('where paths are set, as by --set', async () => {
      const text = fc.constantFrom(
        '1',
        '0',
        '007',
        '-5',
        '+5',
        '-0',
        'true',
        'FALSE',
        'nULL',
        'yes',
        '1.5',
        '1e3',
        '999999',
        ' x ',
        'a=b',
        '"q"',
      );
      const path = fc
        .array(
          fc.tuple(fc.constantFrom('a', 'b', 'c', 'd\\.e', 'f\\=g'), fc.constantFrom('', '', '[0]', '[2]', '[1][1]')),
          { minLength: 1, maxLength: 3 },
        )
        .map((parts) => parts.map((part) => part.join('')).join('.'));
      let agreed = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(path, text), { minLength: 1, maxLength: 4 }), async (all) => {
          const set = all.map((each) => each.join('='));
          const seen = bench.seenBy(helm, [], ...set.flatMap((each) => ['--set', each]));
          const ours = bench.write({ set: set.join('\n') }).then((one) => bench.seenBy(helm, [one.file]));
          const [theirs, own] = await Promise.allSettled([seen, ours]);
          // An item of a list that stands in the way helm drops in silence; see docs/values.md.
          if (own.status === 'rejected') {
            assert.ok(theirs.status === 'rejected' || /in silence/.test(String(own.reason)), String(own.reason));
          } else {
            agreed += 1;
            assert.deepEqual([own, set], [theirs, set]);
          }
        }),
        { numRuns: 15 },
      );
      assert.ok(agreed > 0);
    });

    it('but for whole numbers, which a template prints as those of a file', async () => {
      const { file: small } = await bench.write({ set: 'number=999999' });
      assert.equal(await bench.numberSeenBy(helm, [small]), '999999');
      assert.deepEqual(bench.warnings, []);
      const { file: large } = await bench.write({ set: 'number=1000000' });
      assert.equal(await bench.numberSeenBy(helm, [large]), '1e+06');
      assert.match(
        bench.warnings.splice(0).join(),
        /^Line 1 of input set has a whole number of a million or more.*as 1e\+06\..*input setString\.$/,
      );
      const { file: build } = await bench.write({ set: 'number=-20261126', setString: 'a.name=20261126' });
      assert.equal(await bench.numberSeenBy(helm, [build]), '-2.0261126e+07');
      assert.match(bench.warnings.splice(0).join(), /as -2\.0261126e\+07/);
    });
  });
}
