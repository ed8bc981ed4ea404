import assert from 'node:assert/strict';
import { fill, inputTable, outputTable, taskTable } from '../../../scripts/generate/docs.ts';
import { smallTask } from './small-task.ts';

describe('the generated parts of the pages', () => {
  it('stand between their markers, and leave all else as it is', () => {
    const page = '# Page\n\n<!-- inputs -->\nold\n<!-- /inputs -->\n\nProse with $& in it.\n';
    const filled = fill(page, 'inputs', 'a $1 table', 'page.md');

    assert.equal(filled, '# Page\n\n<!-- inputs -->\n\na $1 table\n\n<!-- /inputs -->\n\nProse with $& in it.\n');
    assert.equal(fill(filled, 'inputs', 'a $1 table', 'page.md'), filled);
  });

  it('need their markers', () => {
    assert.throws(
      () => fill('# Page\n', 'inputs', '', 'page.md'),
      /^Error: page\.md lacks the markers <!-- inputs --> and/,
    );
    assert.throws(() => fill('<!-- /inputs --><!-- inputs -->', 'inputs', '', 'page.md'), /lacks the markers/);
  });

  it('say of each input what it takes and its default', () => {
    const task = smallTask([
      { name: 'path', type: 'filePath', required: true, helpMarkDown: 'One | two\nlines.' },
      { name: 'flag', type: 'boolean', defaultValue: 'true' },
      { name: 'list', type: 'pickList', options: { a: 'A', b: 'B' }, defaultValue: 'b' },
      { name: 'azure', type: 'connectedService:AzureRM' },
      { name: 'size', type: 'int', defaultValue: '256' },
      { name: 'lines', type: 'multiLine' },
    ]);
    const rows = inputTable(task)
      .split('\n')
      .map((line) => line.replace(/\s*\|\s*(?=\S|$)/g, '|').replace(/ +/g, ' '));
    assert.deepEqual(rows.slice(2), [
      '|`path`|path|**required**|One \\|two lines.|',
      '|`flag`|`true`, `false`|`true`|What it is.|',
      '|`list`|`a`, `b`|`b`|What it is.|',
      '|`azure`|service connection||What it is.|',
      '|`size`|whole number|`256`|What it is.|',
      '|`lines`|text, several lines||What it is.|',
    ]);
  });

  it('say of each output what it is, and of each task where to read on', () => {
    const task = smallTask([], ['chartName']);
    assert.match(outputTable(task), /`chartName` +\| The chartName \\\| of it\./);
    assert.match(taskTable([task]), /\[SmallTask@1\]\(docs\/tasks\/SmallTask\.md\) +\| Does little +\| `chartName`/);
  });
});
