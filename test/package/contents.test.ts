import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { manifestOf } from './manifest.ts';
import { packed, sources, taskNames, type Packed } from './packed.ts';
import { taskIn } from './task.ts';

const largest = 4_000_000;

describe('the package', () => {
  let extension: Packed;
  before(async () => (extension = await packed()));

  it('holds exactly the files that it needs', () => {
    const { assets } = manifestOf(extension);
    const images = [...assets].filter(([type]) => /\.(Icons|Screenshots)\./.test(type)).map(([, file]) => file);
    const wanted = [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension.vsomanifest',
      'LICENSE',
      'ThirdPartyNotices.txt',
      'docs/overview.md',
      ...images,
      ...taskNames.flatMap((name) => filesOf(extension, name)),
    ];
    assert.deepEqual([...extension.files.keys()].sort(), wanted.sort());
  });

  it(`is smaller than ${largest / 1_000_000} MB`, () => {
    assert.ok(extension.size < largest, `it has ${extension.size} bytes`);
  });

  it('carries no source map and no path of the machine that built it', () => {
    const folders = [sources, os.homedir()].map((folder) => folder + path.sep);
    const traces = ['sourceMappingURL=', ...folders, ...folders.map((folder) => folder.replaceAll('\\', '\\\\'))];
    const found = [...extension.files].flatMap(([name, content]) =>
      traces.filter((trace) => trace.length > 2 && content.includes(trace)).map((trace) => `${name}: ${trace}`),
    );
    assert.deepEqual(found, []);
  });

  it('names the licence of every package that is bundled', () => {
    const notices = extension.files.get('ThirdPartyNotices.txt')?.toString() ?? '';
    for (const name of ['@azure/identity', 'azure-pipelines-task-lib', 'yaml']) {
      assert.match(notices, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
    }
  });

  it('holds tasks that run by themselves, each one file alone in a folder', () => {
    for (const name of taskNames) {
      const { status, stdout } = runAlone(extension.files.get(`tasks/${name}/index.js`) ?? Buffer.of());
      assert.equal(status, 0, name);
      assert.match(stdout, /##vso\[task\.complete result=Failed;\](Input \w+ is empty|Give the input \w+)/, name);
    }
  });
});

function filesOf(extension: Packed, name: string): string[] {
  const { execution, postjobexecution } = taskIn(extension, name);
  const targets = [execution, postjobexecution ?? {}].flatMap(Object.values<{ target: string }>);
  const scripts = new Set(targets.map(({ target }) => target));
  return ['task.json', 'icon.png', ...scripts].map((file) => `tasks/${name}/${file}`);
}

/** Starts a bundle the way the agent does, but with nothing in its environment: it then misses its inputs. */
function runAlone(bundle: Buffer): { status: number | null; stdout: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'packed-task-'));
  try {
    writeFileSync(path.join(folder, 'index.js'), bundle);
    return spawnSync(process.execPath, ['index.js'], { cwd: folder, env: {}, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
