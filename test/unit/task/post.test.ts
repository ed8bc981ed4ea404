import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const program = "import('./tasks/common/task/post.ts').then(({ removePrivateFolders }) => removePrivateFolders())";

describe('the post-job step', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'post-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('removes what a step kept for itself and for the job, and nothing else', () => {
    const [ofStep, ofJob, other] = ['helm-delivery-a', 'helm-delivery-b', 'sources'].map((name) => {
      const made = path.join(folder, name);
      mkdirSync(made);
      writeFileSync(path.join(made, 'registry-config.json'), '{}');
      return made;
    });

    assert.equal(post({ PRIVATEFOLDER: ofStep ?? '', JOBFOLDER: ofJob ?? '' }), '');
    assert.equal(post({ PRIVATEFOLDER: other ?? '' }), '');

    assert.deepEqual(
      [ofStep, ofJob, other].map((made) => existsSync(made ?? '')),
      [false, false, true],
    );
  });

  it('has nothing to do where nothing was left', () => {
    assert.equal(post({}), '');
    assert.equal(post({ PRIVATEFOLDER: '', JOBFOLDER: path.join(folder, 'helm-delivery-gone') }), '');
  });
});

/** Runs it with these task variables, in a process of its own. Gives what it printed. */
function post(variables: Record<string, string>): string {
  const env = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`VSTS_TASKVARIABLE_${name}`, value]),
  );
  const args = ['--import=tsx', '-e', program];
  return execFileSync(process.execPath, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
}
