import assert from 'node:assert/strict';
import { printing, workbench } from './workbench.ts';

describe('a restricted task', () => {
  const bench = workbench();
  const restricted = { restrictions: { commands: { mode: 'restricted' } } };

  it('cannot upload or tag, and goes on', async () => {
    const job = await bench.job();
    const script = printing(
      '##vso[build.addbuildtag]v1',
      '##vso[artifact.upload artifactname=a]/tmp',
      '##vso[task.debug]x',
    );
    const step = await job.runTask({ task: await bench.task({ script, definition: restricted }) });
    assert.deepEqual([step.result, job.record.buildTags, step.violations.length], ['Succeeded', [], 2]);
    assert.equal(
      step.issues[0]?.message,
      '##vso[build.addbuildtag] is not allowed in this step due to policy restrictions.',
    );
  });

  it('sets only the variables that its task.json allows', async () => {
    const job = await bench.job();
    const definition = { restrictions: { settableVariables: { allowed: ['chart*', 'digest'] } } };
    const names = ['chartVersion', 'CHARTREF', 'digest', 'digest2', 'PATH', 'mychart'];
    const script = printing(
      ...names.map((name) => `##vso[task.setvariable variable=${name}]x`),
      '##vso[task.prependpath]/evil',
    );
    const step = await job.runTask({ task: await bench.task({ script, definition }) });
    assert.deepEqual(
      names.filter((name) => job.variables.get(name) === 'x'),
      ['chartVersion', 'CHARTREF', 'digest'],
    );
    assert.equal(step.violations.length, 4);
  });

  it('sets none when the list is empty', async () => {
    const job = await bench.job();
    const definition = { restrictions: { settableVariables: { allowed: [] } } };
    const script = printing('##vso[task.setvariable variable=a;isOutput=true]x');
    const step = await job.runTask({ task: await bench.task({ script, definition }) });
    assert.deepEqual([step.outputs, step.violations.length], [{}, 1]);
  });
});
