import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toolDefinitions, type ToolName } from '../../../tasks/common/tools/definitions.ts';
import { pinnedReleases } from '../../../tasks/common/tools/releases.ts';

describe('The files to fetch for an agent without the internet', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/tasks/DeliveryToolsInstaller.md'), 'utf8');
  const [, list = ''] = /for file in([\s\S]*?); do/.exec(page) ?? [];

  it('are those of the pinned tools, with a checksum file where the task has no checksum', () => {
    const wanted = (['helm', 'kubectl', 'kubelogin', 'kyverno', 'gator'] satisfies ToolName[]).flatMap((name) => {
      const { vendor, asset } = toolDefinitions[name];
      const { version, sha256 } = pinnedReleases[name];
      const { path: file, checksumPath } = asset(version, { os: 'linux', cpu: 'x64' });
      const files = sha256['linux-x64'] === undefined ? [file, checksumPath] : [file];
      return files.map((each) => new URL(vendor).host + each);
    });
    assert.deepEqual(list.split(/[\s\\]+/).filter(Boolean), wanted);
  });
});
