import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';

const runner = JSON.stringify(path.resolve(import.meta.dirname, '../../../tasks/common/task/run-task.ts'));

describe('how a step ends', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'run-task-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What a step prints whose story is this expression of `context`. */
  async function printed(story: string): Promise<string> {
    const file = path.join(folder, 'index.js');
    const contents = `import { runTask } from ${runner}; void runTask(() => ({}), async () => async (_inputs, context) => ${story});`;
    await esbuild.build({
      stdin: { contents, resolveDir: import.meta.dirname },
      outfile: file,
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [file], {
      env: { AGENT_TEMPDIRECTORY: folder },
      cwd: folder,
    });
    return stdout;
  }

  it('well, with a sentence alone', async () => {
    const output = await printed(`'All is there.'`);
    assert.match(output, /^All is there\.$/m);
    assert.match(output, /##vso\[task\.complete result=Succeeded;\]All is there\./);
    assert.doesNotMatch(output, /uploadsummary/);
  });

  it('with issues and a page', async () => {
    const output = await printed(
      `({ message: 'Two of three.', result: 'SucceededWithIssues', summary: { title: 'Deployment', markdown: '# Two' } })`,
    );
    assert.match(output, /##vso\[task\.complete result=SucceededWithIssues;\]Two of three\./);
    const page = /##vso\[task\.uploadsummary\](.+)/.exec(output)?.[1] ?? '';
    assert.equal(path.basename(page), 'Deployment.md');
    assert.equal(readFileSync(page, 'utf8'), '# Two');
  });

  it('badly, with a page that tells why, and keeps nothing for the job', async () => {
    const output = await printed(
      `(context.log.info('kept in ' + context.jobFolder()), { message: 'It failed.', result: 'Failed', summary: { title: 'Why', markdown: 'so' } })`,
    );
    assert.match(output, /##vso\[task\.complete result=Failed;\]It failed\./);
    assert.match(output, /##vso\[task\.uploadsummary\].*Why\.md/);
    const kept = /kept in (.+)/.exec(output)?.[1] ?? '';
    assert.ok(kept.startsWith(folder));
    assert.equal(existsSync(kept), false);
  });
});
