import assert from 'node:assert/strict';
import { readTasks } from '../../../scripts/generate/task-json.ts';
import { toolNames } from '../../../tasks/common/tools/index.ts';
import { wantedTools } from '../../../tasks/DeliveryToolsInstaller/wanted-tools.ts';

describe('The tools that are installed when none is named', () => {
  it('are all that the task knows, each as pinned', () => {
    const installer = readTasks().find(({ name }) => name === 'DeliveryToolsInstaller');
    const byDefault = installer?.inputs.find(({ name }) => name === 'tools')?.defaultValue ?? '';
    const found = wantedTools(byDefault);
    assert.deepEqual(found.map(({ name }) => name).sort(), [...toolNames].sort());
    assert.ok(found.every(({ version }) => version === undefined));
  });
});
