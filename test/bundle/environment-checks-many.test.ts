import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { OddService } from '../bench/odd-service.ts';
import { addApprovers } from '../bench/sample-environment.ts';

describe('EnvironmentChecks, with 200 environments', () => {
  const names = Array.from({ length: 200 }, (_each, index) => `prod-${String(index).padStart(3, '0')}`);
  const entries = names.map((name) => ({
    name,
    approvals: ['ada.lovelace@contoso.example'],
    branches: ['refs/heads/main', 'refs/tags/*'],
    exclusiveLock: true,
  }));
  let bench: ChecksBench;
  before(async () => {
    bench = await ChecksBench.start();
    addApprovers(bench);
    // Others of the project, so that the list is long.
    for (let index = 0; index < 1100; index += 1) bench.organization.environments.add(`other-${index}`);
  });
  after(() => bench.close());

  function sound(step: StepResult): void {
    assert.equal(step.result, 'Succeeded', step.log.slice(-5).join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  }

  it('makes them all, tells how far it is, and asks for them in a handful of requests afterwards', async () => {
    const first = await bench.requests(() => bench.apply(entries));
    sound(first.result);
    assert.equal(first.writes.length, 800);
    assert.equal(first.all.filter(({ method }) => method === 'GET').length, 3);
    const log = first.result.log.join('\n');
    assert.match(log, /17\/200 prod-016: made Environment; added Approvals, Branch control, Exclusive lock/);
    const progress = first.result.rawOutput.split('\n').filter((line) => line.includes('task.setprogress'));
    assert.equal(progress.length, 200);
    assert.match(progress[100] ?? '', /value=50;\]Environment prod-100 \(101 of 200\)/);
    const ids = names.map((name) => bench.organization.environments.find(name)?.id);
    assert.equal(first.result.outputs['environmentId'], ids.join(','));

    const second = await bench.requests(() => bench.run(entries));
    sound(second.result);
    assert.deepEqual(second.writes, []);
    assert.ok(second.all.length <= 5, second.all.map(({ path }) => path).join('\n'));
  });

  it('tells of a difference in each on the console, and of as many as fit on the page', async () => {
    for (const name of names) {
      const { configurations } = bench.organization.environments.find(name) ?? assert.fail();
      for (const check of configurations.all) check.isDisabled = true;
    }
    const { result, all } = await bench.requests(() => bench.run(entries));
    assert.equal(result.result, 'Failed');
    assert.ok(all.length <= 6);
    assert.equal(result.log.filter((line) => line.endsWith('differs')).length, 600);
    const [page = assert.fail()] = bench.job.record.summaries.slice(-1);
    assert.match(page, /300 more lines are in the log of the step\./);
    assert.match(page, /600 differences from environment/);
  });
});

describe('EnvironmentChecks, with more checks and permissions than anybody has', () => {
  let service: OddService;
  before(async () => (service = await OddService.start()));
  after(() => service.close());

  it('tells of all, and shows the first of them', async () => {
    const many = Array.from({ length: 150_000 }, (_each, id) => id);
    const lock = { id: '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563', name: 'ExclusiveLock' };
    const checks = many.map((id) => ({ id, resource: { id: '7' }, type: lock }));
    const step = await service.run(
      [{ name: 'production', exclusiveLock: false, pipelines: [] }],
      { mode: 'apply' },
      [/queryconfigurations/, { json: { value: checks } }],
      [/^GET pipelines\/pipelinepermissions/, { json: { pipelines: many.map((id) => ({ id })) } }],
    );
    assert.equal(step.result, 'Failed');
    const log = step.log.join('\n');
    assert.match(log, /300000 differences left/);
    assert.match(log, /295000 more lines are not shown\./);
  });
});
