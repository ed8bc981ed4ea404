import assert from 'node:assert/strict';
import { refusalOf } from '../chart/refusal.ts';
import { ValuesBench } from './values-bench.ts';

describe('Values that are given by a common mistake', () => {
  let bench: ValuesBench;
  before(() => (bench = new ValuesBench()));
  after(() => bench.close());

  it('are refused where a line begins as an option of helm', async () => {
    for (const line of ['--set a=1', '-s', '--a.b=1']) {
      assert.match(
        await refusalOf(() => bench.write({ set: line })),
        /^Line 1 of input set has no path that can be read: it begins as an option of helm; write what stands behind that/,
      );
    }
    assert.deepEqual((await bench.write({ set: '"--set a"=1\na.-b=2' })).paths, ['--set a', 'a.-b']);
  });

  it('are refused in UTF-16, with how to write them', async () => {
    for (const encoded of [Buffer.from('\ufeffa: 1', 'utf16le'), Buffer.from('\ufeffa: 1', 'utf16le').swap16()]) {
      const file = bench.put('utf16.yaml', encoded);
      assert.match(
        await refusalOf(() => bench.write({ files: [file] })),
        /utf16\.yaml is UTF-16, as Windows PowerShell writes files .*: write it as UTF-8 \(-Encoding utf8\)\.$/,
      );
    }
  });

  it('are missed with a word of what a job has files from', async () => {
    assert.match(
      await refusalOf(() => bench.write({ setFile: 'a=nowhere.txt' })),
      /^Line 1 of input setFile: there is no file .*nowhere\.txt\. Was the repository checked out \(checkout: self\), /,
    );
  });
});
