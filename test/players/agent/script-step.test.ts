import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { workbench } from './workbench.ts';

describe('a script step', () => {
  const bench = workbench();

  it('sees public variables and mapped ones, but no secret', async () => {
    const job = await bench.job({ variables: { 'my.name': 'robin' }, secretVariables: { password: 'hunter2' } });
    const script = 'echo "$MY_NAME [$PASSWORD$SECRET_PASSWORD] ${#MAPPED}"; pwd';
    const step = await job.runScript({ script, env: { MAPPED: '$(password)' } });
    assert.deepEqual(step.log, ['robin [] 7', job.folders.sources]);
  });

  it('expands macros in its text, and leaves no file behind', async () => {
    const job = await bench.job({ secretVariables: { password: 'hunter2' } });
    const step = await job.runScript({ script: 'test "$(password)" = hunter2 && echo "the same: $(password)"' });
    assert.deepEqual(step.log, ['the same: ***']);
    assert.deepEqual(await job.secretsOnDisk(), []);
  });

  it('fails by its exit code', async () => {
    const job = await bench.job();
    const step = await job.runScript({ script: 'exit 3' });
    assert.deepEqual([step.result, step.exitCode], ['Failed', 3]);
    assert.deepEqual(step.issues, [{ type: 'error', message: "Bash exited with code '3'." }]);
  });

  it('finds programs of folders that earlier steps prepended', async () => {
    const job = await bench.job();
    const { tools } = job.folders;
    await writeFile(path.join(tools, 'hello-tool'), '#!/bin/sh\necho hello from a tool\n', { mode: 0o755 });
    await job.runScript({ script: `echo "##vso[task.prependpath]${tools}"` });
    assert.deepEqual((await job.runScript({ script: 'hello-tool' })).log, ['hello from a tool']);
  });

  it('has the folder that was prepended last first on its PATH, each once', async () => {
    const job = await bench.job({ environment: { PATH: '/usr/bin:/bin' } });
    const script = ['/one', '/two', '/one'].map((folder) => `echo "##vso[task.prependpath]${folder}"`).join('\n');
    await job.runScript({ script });
    assert.deepEqual((await job.runScript({ script: 'echo "$PATH"' })).log, ['/one:/two:/usr/bin:/bin']);
  });
});
