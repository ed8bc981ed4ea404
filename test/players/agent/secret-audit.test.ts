import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Job } from '../../agent/index.ts';
import { azureConnection, taskLibrary, workbench } from './workbench.ts';

const password = 'pa55/word+äöü"x';
const base64 = Buffer.from(`alex:${password}`).toString('base64');
describe('the audit for secrets', () => {
  const bench = workbench();
  const jobWithSecrets = async (): Promise<Job> =>
    bench.job({ secretVariables: { password }, serviceConnections: [azureConnection], accessToken: 'job-token-1' });

  it('finds nothing in a step that keeps its secrets', async () => {
    const job = await jobWithSecrets();
    const script = `say("##vso[task.setsecret]refresh-token-1"); say("##vso[task.setvariable variable=t;issecret=true]tok-2");
      say("client-0001 of tenant-1");`;
    const step = await job.runTask({ task: await bench.task(script) });
    assert.deepEqual([job.secretLeaks(step), await job.secretsOnDisk()], [[], []]);
  });

  it('finds a secret in the raw output that the log hides', async () => {
    const job = await jobWithSecrets();
    const step = await job.runTask({ task: await bench.task('say("key: sp-secret-key");') });
    const secret = 'Contoso Azure serviceprincipalkey';
    assert.deepEqual(job.secretLeaks(step), [{ secret, form: 'raw', place: 'output' }]);
  });

  it('finds in the log what masking does not know: base64 of more than the secret', async () => {
    const job = await jobWithSecrets();
    const step = await job.runScript({ script: `echo "Authorization: Basic ${base64}"` });
    assert.deepEqual(job.secretLeaks(step), [
      { secret: 'variable password', form: 'base64', place: 'log' },
      { secret: 'variable password', form: 'base64', place: 'output' },
    ]);
  });

  it('finds in the log the one token of a connection that the agent does not mask', async () => {
    const parameters = { ...azureConnection.parameters, idToken: 'assertion-0001' };
    const job = await bench.job({ serviceConnections: [{ ...azureConnection, parameters }] });
    const step = await job.runScript({ script: 'echo assertion-0001' });
    assert.deepEqual(
      job.secretLeaks(step).map(({ place }) => place),
      ['log', 'output'],
    );
  });

  it('finds a token that the step itself declared and then printed', async () => {
    const job = await jobWithSecrets();
    const script = 'say("##vso[task.setsecret]refresh-token-1"); say("##vso[task.debug]got refresh-token-1");';
    const step = await job.runTask({ task: await bench.task(script) });
    assert.deepEqual(job.secretLeaks(step), [{ secret: 'setsecret 1', form: 'raw', place: 'output' }]);
  });

  const files: Readonly<Record<string, string>> = {
    raw: `token=${password}`,
    base64: JSON.stringify({ auth: base64 }),
    URI: `https://robin:${encodeURIComponent(password)}@host`,
    JSON: JSON.stringify({ password }),
  };
  for (const [form, content] of Object.entries(files)) {
    it(`finds a secret in a file of the job, ${form}`, async () => {
      const job = await jobWithSecrets();
      const file = path.join(job.folders.home, '.config', 'config.json');
      await mkdir(path.dirname(file));
      await writeFile(file, content);
      assert.deepEqual(await job.secretsOnDisk(), [{ secret: 'variable password', form, place: file }]);
    });
  }

  it('leaves the key file of task-lib alone', async () => {
    const job = await jobWithSecrets();
    const step = await job.runTask({ task: await bench.task(`require(${JSON.stringify(taskLibrary)});`) });
    assert.deepEqual([step.result, job.secretLeaks(step), await job.secretsOnDisk()], ['Succeeded', [], []]);
  });
});

describe('the watch over command lines', () => {
  const bench = workbench();

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('sees the programs that a step starts, and a secret among their arguments', async () => {
    const job = await bench.job({ secretVariables: { password } });
    const script = `require("node:child_process").spawnSync("sleep", ["3"]);
      require("node:child_process").spawnSync("sh", ["-c", "sleep 3; exit 0", "x", "--password=" + process.env.SECRET_PASSWORD]);`;
    const step = await job.runTask({ task: await bench.task(script), watchCommandLines: true });
    assert.ok(step.commandLines.includes('sleep 3'));
    const leaks = job.secretsOnCommandLines(step);
    assert.deepEqual(leaks, [{ secret: 'variable password', form: 'raw', place: 'command line' }]);
  });
});
