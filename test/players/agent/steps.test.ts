import assert from 'node:assert/strict';
import path from 'node:path';
import { PipelineError } from '../../agent/index.ts';
import { workbench } from './workbench.ts';

const fails = 'say("##vso[task.complete result=Failed]it broke");';

describe('the result of a step', () => {
  const bench = workbench();
  const resultOf = async (script: string): Promise<unknown[]> => {
    const { result, exitCode } = await (await bench.job()).runTask({ task: await bench.task(script) });
    return [result, exitCode];
  };

  it('is what the task says, the worst of it', async () => {
    assert.deepEqual(await resultOf(''), ['Succeeded', 0]);
    assert.deepEqual(await resultOf('say("##vso[task.complete result=SucceededWithIssues]");'), [
      'SucceededWithIssues',
      0,
    ]);
    assert.deepEqual(await resultOf(`${fails} say("##vso[task.complete result=Succeeded]");`), ['Failed', 0]);
  });

  it('is a failure when the process exits with another code than 0', async () => {
    assert.deepEqual(await resultOf('say("##vso[task.complete result=Succeeded]"); process.exitCode = 4;'), [
      'Failed',
      4,
    ]);
  });

  it('is a failure when the process is killed', async () => {
    assert.deepEqual(await resultOf('process.kill(process.pid, "SIGKILL");'), ['Failed', 137]);
  });

  it('says which process exited how', async () => {
    const job = await bench.job();
    const task = await bench.task('process.exitCode = 4;');
    const { issues } = await job.runTask({ task });
    const target = path.join(task, 'index.js');
    const message = `Exit code 4 returned from process: file name '${process.execPath}', arguments '"${target}"'.`;
    assert.deepEqual(issues, [{ type: 'error', message }]);
  });

  it('comes although stdin is waited for: it is closed', async () => {
    assert.deepEqual(await resultOf('process.stdin.resume().on("end", () => say("end"));'), ['Succeeded', 0]);
  });
});

describe('the handler of a task', () => {
  const bench = workbench();

  it('is the one for the newest node', async () => {
    const definition = { execution: { Node20_1: { target: 'missing.js' }, Node24: { target: 'index.js' } } };
    const task = await bench.task({ script: 'say("from " + __filename);', definition });
    const { rawOutput } = await (await bench.job()).runTask({ task });
    assert.equal(rawOutput, `from ${path.join(task, 'index.js')}\n`);
  });

  it('runs in the sources, on the node that is asked for', async () => {
    const job = await bench.job();
    const task = await bench.task('say(process.cwd() + " " + process.argv0);');
    const { rawOutput } = await job.runTask({ task, node: process.execPath });
    assert.equal(rawOutput, `${job.folders.sources} ${process.execPath}\n`);
  });

  it('must exist', async () => {
    const task = await bench.task({ script: '', definition: { execution: { PowerShell3: { target: 'x.ps1' } } } });
    await assert.rejects((await bench.job()).runTask({ task }), PipelineError);
  });
});

describe('the steps of a job', () => {
  const bench = workbench();

  it('are skipped after a failure, unless their condition says otherwise', async () => {
    const job = await bench.job();
    const failed = await job.runTask({ task: await bench.task(fails) });
    const skipped = await job.runScript({ script: 'echo never' });
    const always = await job.runScript({ script: 'echo "$AGENT_JOBSTATUS"', condition: 'always()' });
    const onFailure = await job.runScript({ script: 'echo failed', condition: 'failed()' });
    assert.deepEqual([failed.result, skipped.result, skipped.exitCode], ['Failed', 'Skipped', undefined]);
    assert.deepEqual([skipped.log, always.log, onFailure.log], [[], ['Failed'], ['failed']]);
    assert.equal((await job.finish()).result, 'Failed');
  });

  it('go on after one that succeeded with issues', async () => {
    const job = await bench.job();
    await job.runScript({ script: "echo '##vso[task.complete result=SucceededWithIssues]'" });
    assert.equal((await job.runScript({ script: 'true' })).result, 'Succeeded');
    assert.equal((await job.finish()).result, 'SucceededWithIssues');
  });
});

describe('post-job steps', () => {
  const bench = workbench();
  const task = async (name: string, script = ''): Promise<string> =>
    bench.task({ script, post: `say("post of ${name}");` });

  it('run last to first, after all steps', async () => {
    const job = await bench.job();
    for (const name of ['one', 'two']) await job.runTask({ task: await task(name), name });
    await job.runScript({ script: 'true' });
    const { result, steps, postJobSteps } = await job.finish();
    assert.equal(result, 'Succeeded');
    assert.deepEqual(
      [steps.length, postJobSteps.map(({ rawOutput }) => rawOutput)],
      [3, ['post of two\n', 'post of one\n']],
    );
  });

  it('run after a failure too, and also for a step that was skipped', async () => {
    const job = await bench.job();
    await job.runTask({ task: await task('one', fails) });
    await job.runTask({ task: await task('two') });
    const { result, postJobSteps } = await job.finish();
    assert.deepEqual([result, postJobSteps.map((step) => step.result)], ['Failed', ['Succeeded', 'Succeeded']]);
  });

  it('see the task variables of their own step only', async () => {
    const job = await bench.job();
    const folder = await bench.task({
      script: 'say("##vso[task.settaskvariable variable=file]" + process.env.INPUT_FILE);',
      post: 'say(process.env.INPUT_FILE + " " + process.env.VSTS_TASKVARIABLE_FILE + " " + process.env.FILE);',
      definition: { inputs: [{ name: 'file' }] },
    });
    await job.runTask({ task: folder, inputs: { file: 'a' } });
    await job.runTask({ task: folder, inputs: { file: 'b' } });
    const { postJobSteps } = await job.finish();
    assert.deepEqual(
      postJobSteps.map(({ rawOutput }) => rawOutput),
      ['b b undefined\n', 'a a undefined\n'],
    );
  });

  it('can fail the job', async () => {
    const job = await bench.job();
    await job.runTask({ task: await bench.task({ script: '', post: fails }) });
    assert.equal((await job.finish()).result, 'Failed');
  });
});
