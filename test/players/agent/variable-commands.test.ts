import assert from 'node:assert/strict';
import { printing, workbench } from './workbench.ts';

describe('a step that sets variables', () => {
  const bench = workbench();

  it('gives outputs to later steps by its name', async () => {
    const job = await bench.job();
    const push = await bench.task(printing('##vso[task.setvariable variable=digest;isOutput=true]sha256:ab'));
    const pull = await bench.task({
      script: 'say(process.env.INPUT_DIGEST + " " + process.env.PUSH_DIGEST);',
      definition: { inputs: [{ name: 'digest' }] },
    });
    const pushed = await job.runTask({ task: push, name: 'push' });
    const pulled = await job.runTask({ task: pull, inputs: { digest: '$(push.digest)' } });
    assert.deepEqual(pushed.outputs, { digest: 'sha256:ab' });
    assert.equal(pulled.rawOutput, 'sha256:ab sha256:ab\n');
    assert.equal(job.variables.get('digest'), undefined);
    assert.equal(job.variables.find('push.digest')?.readOnly, true);
  });

  it('sets an output too when task.json lists the name', async () => {
    const job = await bench.job();
    const definition = { outputVariables: [{ name: 'digest' }] };
    const task = await bench.task({ script: printing('##vso[task.setvariable variable=Digest]x'), definition });
    assert.deepEqual((await job.runTask({ task, name: 'push' })).outputs, { Digest: 'x' });
    assert.equal(job.variables.get('push.digest'), 'x');
  });

  it('gets a name from the agent when the pipeline gives none', async () => {
    const job = await bench.job();
    const task = await bench.task(printing('##vso[task.setvariable variable=a;isOutput=true]x'));
    const { name } = await job.runTask({ task });
    assert.equal(job.variables.get(`${name}.a`), 'x');
  });

  it('makes secrets that later steps get as secrets, and that no log shows', async () => {
    const job = await bench.job();
    await job.runScript({ script: 'echo "##vso[task.setvariable variable=token;issecret=true]abc-123"' });
    const step = await job.runTask({ task: await bench.task('say(process.env.SECRET_TOKEN + process.env.TOKEN);') });
    assert.equal(step.rawOutput, 'abc-123undefined\n');
    assert.deepEqual(step.log.slice(-1), ['***undefined']);
  });

  it('fails by a secret of several lines', async () => {
    const job = await bench.job();
    const step = await job.runScript({ script: "echo '##vso[task.setvariable variable=a;issecret=true]one%0Atwo'" });
    assert.equal(step.result, 'Failed');
    assert.match(step.violations.join('\n'), /multiple lines/);
    assert.equal(job.variables.get('a'), undefined);
  });

  it('is warned when it overwrites what belongs to the agent', async () => {
    const job = await bench.job();
    const step = await job.runScript({ script: "echo '##vso[task.setvariable variable=Build.SourceBranch]x'" });
    assert.equal(step.result, 'Succeeded');
    assert.match(step.violations.join('\n'), /readonly variable 'Build.SourceBranch'/);
  });

  it('reports a flag that is neither true nor false', async () => {
    const job = await bench.job();
    const step = await job.runScript({ script: "echo '##vso[task.setvariable variable=a;issecret=yes]x'" });
    assert.match(step.violations.join('\n'), /issecret is 'yes'/);
    assert.equal(job.variables.find('a')?.secret, false);
  });
});
