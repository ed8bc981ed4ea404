import assert from 'node:assert/strict';
import { firstDocument, mostTokens, readPlainYaml } from '../../../tasks/common/go/document.ts';
import { parseGoYaml } from '../../../tasks/common/go/yaml.ts';
import { checkHandwrittenYaml } from '../../../tasks/common/chart/metadata/handwritten.ts';
import { largestMetadataFile } from '../../../tasks/common/chart/metadata/metadata.ts';
import { refusalOf } from '../chart/refusal.ts';

const filled = (start: string, piece: string, end = ''): string =>
  start + piece.repeat((largestMetadataFile - start.length - end.length) / piece.length) + end;

/** As large as a Chart.yaml may be, each of a kind that costs a YAML parser more than others. */
const costly: Record<string, string> = {
  'empty items': filled('x: [', ','),
  'empty items, closed': filled('x: [', ',', ']'),
  'colons in a list': filled('x: [', ': ', ']'),
  'question marks in a list': filled('x: [', '? ', ']'),
  'brackets that nobody opened': filled('', ']'),
  'wrong escapes': filled('x: "', '\\q', '"'),
  'cut escapes': filled('x: "', '\\x', '"'),
  'texts side by side': filled('x: ', '""'),
  'lists side by side': filled('', '[] '),
  anchors: filled('x: ', '&a '),
  tags: filled('x: ', '!a '),
  directives: filled('', '%Y\n'),
  documents: filled('', '---\n'),
  comments: filled('', '#\n'),
  'equal keys': filled('', 'a: 1\n'),
  'empty lists': filled('', '- []\n'),
};

/** Deep in different ways: the library goes down by recursion. */
const deep: Record<string, string> = {
  brackets: 'x: ' + '['.repeat(50_000),
  braces: 'x: ' + '{'.repeat(50_000),
  'closed brackets': '['.repeat(40_000) + ']'.repeat(40_000),
  dashes: '- '.repeat(40_000),
  'question marks': '? '.repeat(40_000),
  'lists by indentation': Array.from({ length: 1400 }, (_, level) => `${' '.repeat(level)}-`).join('\n'),
  'mappings by indentation': Array.from({ length: 1400 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
};

const readers: Record<string, (text: string) => unknown> = {
  'as Helm reads it': (text) => parseGoYaml(text, 'Chart.yaml'),
  'as people write it': (text) => checkHandwrittenYaml(text, 'Chart.yaml'),
  'as programs write it': (text) => readPlainYaml(text, 'kubeconfig'),
};

describe('YAML that anybody wrote, read', () => {
  /** µs of the processor that a harmless text of nearly as many words as are allowed takes: the machine's pace. */
  let pace = 0;

  before(() => {
    const text = 'a: b\n'.repeat(mostTokens / 6);
    const [, second] = [1, 2].map(() => workOf(() => readers['as Helm reads it']?.(text)));
    pace = Math.max(second ?? 0, 20_000);
  });

  for (const [how, read] of Object.entries(readers)) {
    describe(how, () => {
      for (const [what, text] of Object.entries(costly)) {
        it(`takes little work for 1 MiB of ${what}`, () => {
          // The library alone needs half a minute and more for the worst of them.
          const work = workOf(() => read(text));
          assert.ok(work < 12 * pace, `${work} µs, where ${pace} are usual`);
        });
      }
      for (const [what, text] of Object.entries(deep)) {
        it(`refuses deep ${what}`, async () => assert.match(await refusalOf(() => read(text)), /nested too deeply/));
      }
      it('is refused where it has too many words, with the place', async () => {
        const text = `x: [${'a,'.repeat(mostTokens / 2)}]`;
        assert.match(
          await refusalOf(() => read(text)),
          /line 1, column \d+.*more than the 100000 words and marks|more than the 100000 words and marks.*line 1, column \d+/,
        );
      });
      it('may be one long text', () => {
        assert.doesNotThrow(() => read(filled('x: |\n ', 'word ')));
        assert.doesNotThrow(() => read(filled('x: "', 'word ', '"')));
      });
    });
  }
});

function workOf(work: () => unknown): number {
  const start = process.cpuUsage();
  try {
    work();
  } catch {
    // Whether it is refused is not what counts here.
  }
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

const errorsOf = (text: string): string[] => {
  const errors: string[] = [];
  try {
    firstDocument(text, { schema: 'failsafe', others: 'unread' }, (problem) => {
      errors.push(problem);
      throw new Error(problem);
    });
  } catch {
    // It is in the list.
  }
  return errors;
};

describe('a YAML document', () => {
  it('is refused for its first error', () => {
    assert.deepEqual(errorsOf('a: [,]\nb: [,]\n'), ['Unexpected , in flow sequence']);
    assert.deepEqual(errorsOf(']\na: b: c\n').length, 1);
  });

  it('is not refused for what stands behind it', () => {
    assert.deepEqual(errorsOf('a: b\n---\n]'), []);
    assert.deepEqual(errorsOf(`a: b\n---\n${'- '.repeat(200_000)}`), []);
  });
});

const read = (text: string): unknown => readPlainYaml(text, 'kubeconfig');

describe('YAML that a program wrote', () => {
  it('has numbers, booleans and texts', () => {
    assert.deepEqual(read('a: 1\nb: true\nc: "1"\nd: [null, {e: 1.5}]\n'), {
      a: 1,
      b: true,
      c: '1',
      d: [null, { e: 1.5 }],
    });
    assert.equal(read(''), null);
    assert.deepEqual(read('{"auths": {\n\t"contoso.azurecr.io": {"auth": "eDp5"}}}'), {
      auths: { 'contoso.azurecr.io': { auth: 'eDp5' } },
    });
  });

  for (const [what, text, reason] of [
    ['an alias', 'a: &a x\nb: *a', /it has an alias \(line 2, column 4\)/],
    ['a key twice', 'a: 1\nb: {c: 1, c: 2}', /the key "c" stands here for the second time/],
    ['a list as key', '? [a]\n: b', /a key is no text/],
    ['several documents', 'a: b\n---\nc: d', /holds several documents/],
    ['a tag that compares keys', '!!omap [a: 1, a: 1]\n]', /no YAML that can be read/],
    ['broken lines', 'a: [', /The kubeconfig is no YAML that can be read: .*line 1/],
  ] as const) {
    it(`is refused with ${what}`, async () => assert.match(await refusalOf(() => read(text)), reason));
  }
});
