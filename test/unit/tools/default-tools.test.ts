import assert from 'node:assert/strict';
import { readTasks } from '../../../scripts/generate/task-json.ts';
import { wantedTools } from '../../../tasks/DeliveryToolsInstaller/wanted-tools.ts';

describe('The tools that are installed when none is named', () => {
  it('are those of a delivery, each as pinned, without the hundreds of megabytes of policy engines', () => {
    const installer = readTasks().find(({ name }) => name === 'DeliveryToolsInstaller');
    const byDefault = installer?.inputs.find(({ name }) => name === 'tools')?.defaultValue ?? '';
    const found = wantedTools(byDefault);
    assert.deepEqual(found, [
      { name: 'helm', version: undefined },
      { name: 'kubectl', version: undefined },
      { name: 'kubelogin', version: undefined },
    ]);
  });
});
