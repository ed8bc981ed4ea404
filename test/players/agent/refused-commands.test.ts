import assert from 'node:assert/strict';
import { printing, workbench } from './workbench.ts';

describe('a command that the agent does not take', () => {
  const bench = workbench();
  const run = async (line: string): ReturnType<Awaited<ReturnType<typeof bench.job>>['runTask']> =>
    (await bench.job()).runTask({ task: await bench.task(printing(line)) });

  it('is shown after a warning when it is not legal', async () => {
    const step = await run('##vso[task] hello');
    assert.equal(step.result, 'Succeeded');
    assert.match(step.log.at(-2) ?? '', /^##\[warning\]'##vso\[task\] hello' contains logging command keyword/);
    assert.equal(step.log.at(-1), '##vso[task] hello');
    assert.equal(step.violations.length, 1);
  });

  it('is warned about when the area is unknown', async () => {
    const step = await run('##vso[nobody.knows]x');
    assert.deepEqual([step.result, step.violations.length], ['Succeeded', 1]);
  });

  it('fails the step when the event is unknown', async () => {
    const step = await run('##vso[task.constructor]x');
    assert.equal(step.result, 'Failed');
    assert.match(step.issues[0]?.message ?? '', /^Unable to process command '##vso\[task.constructor\]x' successfully/);
  });

  it('fails the step when a result is not written exactly', async () => {
    assert.equal((await run('##vso[task.complete result=succeeded]')).result, 'Failed');
  });
});
