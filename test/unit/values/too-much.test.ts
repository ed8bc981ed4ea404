import assert from 'node:assert/strict';
import { ValuesBench } from './values-bench.ts';

/** A file of some kilobytes that unfolds to 400,000 values. */
const unfolding = (name: string): string =>
  `base: &base [${Array(1000).fill('1').join(', ')}]\n${name}: [${Array(400).fill('*base').join(', ')}]\n`;

describe('Files of values that are too much', () => {
  let bench: ValuesBench;
  before(() => (bench = new ValuesBench()));
  after(() => bench.close());

  const put = (count: number): string[] =>
    Array.from({ length: count }, (_none, index) => bench.put(`values-${index}.yaml`, unfolding(`key${index}`)));

  it('are refused before they fill the memory, in whatever number of files', async () => {
    const ended = bench.write({ files: put(100) });
    await assert.rejects(ended, /The files of values hold more than 1000000 values in all/);
    assert.ok((await bench.write({ files: put(1) })).file);
  });

  it('are refused where they have more words than a file of 1 MiB usually has', async () => {
    const ended = bench.write({ values: `a: [${'x,'.repeat(500_000)}]` });
    await assert.rejects(
      ended,
      /^TaskError: Input values is not valid YAML: it has more than the 600000 words and marks/,
    );
  });
});
