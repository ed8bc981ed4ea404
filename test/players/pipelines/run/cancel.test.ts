import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { RunEvent } from '../../../agent/pipelines/run/record.ts';
import { jobOf, linesOf, play, resultsOf, stageOf } from './playing.ts';
import { SmallService } from './small-service.ts';

/** Cancels a run once a step writes a line that begins with `ready`; keeps what the lines say behind that word. */
function cancelling(): { cancel: AbortSignal; listener: (event: RunEvent) => void; said: string[] } {
  const controller = new AbortController();
  const said: string[] = [];
  const listener = (event: RunEvent): void => {
    if (event.kind !== 'line' || !event.text.startsWith('ready')) return;
    said.push(event.text.slice('ready '.length));
    controller.abort();
  };
  return { cancel: controller.signal, listener, said };
}

const text = `
stages:
- stage: qa
  jobs:
  - job: work
    steps:
    - checkout: none
    - bash: 'echo "ready $(Agent.HomeDirectory)"; exec tail -f /dev/null'
      name: waits
    - bash: echo never
    - bash: echo cleaned
      condition: always()
    - bash: echo never, only for failures
      condition: failed()
  - job: next
    dependsOn: work
    steps:
    - bash: exit 0
  - job: last
    dependsOn: work
    condition: always()
    steps:
    - checkout: none
    - bash: echo last
- stage: production
  jobs:
  - job: work
    steps:
    - bash: exit 0
- stage: report
  condition: canceled()
  jobs:
  - job: work
    condition: always()
    steps:
    - checkout: none
    - bash: echo reported
`;

describe('a run that is cancelled', () => {
  it('ends the running step, and runs only what always runs', async () => {
    const service = new SmallService();
    const { said, ...given } = cancelling();
    const record = await play(text, { service, ...given });
    assert.equal(record.result, 'Canceled');
    assert.deepEqual(service.completed, ['Canceled']);
    assert.deepEqual(resultsOf(record), { qa: 'Canceled', production: 'Skipped', report: 'Succeeded' });
    const jobs = stageOf(record, 'qa').jobs.map(({ name, result }) => [name, result]);
    assert.deepEqual(jobs, [
      ['work', 'Canceled'],
      ['next', 'Skipped'],
      ['last', 'Succeeded'],
    ]);
    assert.equal(
      jobOf(record, 'next', 'qa').message,
      'The condition succeeded() is false (the run was cancelled, work: Canceled).',
    );
    assert.deepEqual(linesOf(jobOf(record, 'work', 'qa')).slice(1), ['cleaned']);
    assert.deepEqual(linesOf(jobOf(record, 'work', 'report')), ['reported']);
    assert.equal(said.length, 1);
    assert.equal(existsSync(said[0] ?? '/'), false);
  });

  it('is told to the checks that it waits for', async () => {
    const controller = new AbortController();
    const service = new SmallService({
      environments: ['qa'],
      checks: async (_stage, cancel) => {
        setImmediate(() => {
          controller.abort();
        });
        await once(cancel, 'abort');
        return { result: 'canceled', approvers: [] };
      },
    });
    const deployment = 'jobs:\n- deployment: orders\n  environment: qa\n  strategy: {runOnce: {deploy: {steps: []}}}\n';
    const record = await play(deployment, { service, cancel: controller.signal });
    assert.deepEqual([record.result, resultsOf(record)], ['Canceled', { __default: 'Canceled' }]);
    assert.deepEqual(service.agents, []);
  });

  it('before it began runs nothing', async () => {
    const service = new SmallService();
    const record = await play('steps:\n- bash: exit 0\n', { service, cancel: AbortSignal.abort() });
    assert.deepEqual([record.result, resultsOf(record), service.agents], ['Canceled', { __default: 'Skipped' }, []]);
  });

  it('begins with no further leg of a matrix', async () => {
    const matrix = 'strategy: {maxParallel: 1, matrix: {one: {x: 1}, two: {x: 2}}}';
    const waiting = `jobs:\n- job: build\n  ${matrix}\n  steps:\n  - bash: echo ready; exec tail -f /dev/null\n`;
    const service = new SmallService();
    const record = await play(waiting, { service, ...cancelling() });
    const parts = jobOf(record, 'build').parts.map(({ name, result, steps }) => [name, result, steps.length]);
    assert.deepEqual(parts, [
      ['one', 'Canceled', 2],
      ['two', 'Canceled', 0],
    ]);
    assert.equal(service.agents.length, 1);
  });

  it('while its hooks run goes on with none of them', async () => {
    const hooks = ['deploy', 'routeTraffic'].map(
      (hook) => `${hook}: {steps: [{bash: 'echo ready; exec tail -f /dev/null'}]}`,
    );
    const on = "on: {success: {steps: [{bash: 'exit 0'}]}, failure: {steps: [{bash: 'exit 0'}]}}";
    const deployment = `jobs:\n- deployment: orders\n  environment: qa\n  strategy: {runOnce: {${hooks.join(', ')}, ${on}}}\n`;
    const service = new SmallService({ environments: ['qa'] });
    const record = await play(deployment, { service, ...cancelling() });
    assert.deepEqual(
      jobOf(record, 'orders').parts.map(({ name, result }) => [name, result]),
      [['deploy', 'Canceled']],
    );
    assert.equal(service.deployments[0]?.result, 'Canceled');
  });
});
