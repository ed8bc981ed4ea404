import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { realProgram } from '../../real/index.ts';
import { oddKey, oddText, onOneLine } from './odd-texts.ts';
import { ValuesBench } from './values-bench.ts';

const helms = ['helm-3.17', 'helm-4.1', 'helm-4.2'] as const;

/** Lines for an input that set items of a list, with the values as helm must see them. */
const listed = (name: string, values: readonly string[]): string =>
  values.map((value, index) => `${name}[${index}]=${value}`).join('\n');

for (const id of helms) {
  describe(`Values that ${id} gets from us`, () => {
    let bench: ValuesBench;
    let helm: string;
    before(async () => {
      helm = await realProgram(id);
      bench = new ValuesBench();
    });
    after(() => bench.close());

    it('arrive as they are written, from each input', async () => {
      const many = fc.array(oddText, { minLength: 10, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(many, many, many, async (texts, secrets, contents) => {
          const strings = texts.map(onOneLine);
          const secret = secrets.map((value) => (value.trim().includes('\n') ? value : onOneLine(value)));
          const { file } = await bench.write({
            setString: listed('strings', strings),
            setSecret: listed('secret', secret),
            setFile: listed(
              'contents',
              contents.map((content, index) => bench.put(`content-${index}`, content)),
            ),
            secrets: secret.map((value) => ({ name: 'a secret variable', value })),
          });
          assert.deepEqual(await bench.seenBy(helm, [file]), { strings, secret, contents });
        }),
        { numRuns: 10 },
      );
    });

    it('arrive under keys of every kind', async () => {
      const keys = fc.uniqueArray(oddKey, { minLength: 10, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(keys, async (names) => {
          const singles = [...new Set(names.map(onOneLine))];
          const { file } = await bench.write({
            setString: singles.map((name) => `all.${quoted(name)}=${name}`).join('\n'),
          });
          // As Maps, which tell __proto__ as they do all other keys, in any order.
          const seen = new Map(Object.entries(Object(await bench.seenBy(helm, [file])).all));
          assert.deepEqual(seen, new Map(singles.map((name) => [name, name])));
        }),
        { numRuns: 10 },
      );
    });

    it('may be a megabyte, in one text, in many, or in a file of YAML', async () => {
      const large = 'a "b"\n'.repeat(166_667);
      const rows = Array.from({ length: 23_000 }, (_, row) => `row ${row}: a text of some length`);
      const yaml = `rows:\n${rows.map((row) => `  - name: ${JSON.stringify(row)}\n`).join('')}`;
      assert.ok(large.length >= 1_000_000 && yaml.length >= 1_000_000);
      const { file } = await bench.write({
        files: [bench.put('rows.yaml', yaml)],
        setFile: `large=${bench.put('large', large)}`,
      });
      assert.deepEqual(await bench.seenBy(helm, [file]), { large, rows: rows.map((name) => ({ name })) });
    });
  });
}

/** A key as a path has it. */
function quoted(key: string): string {
  return `"${key.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
