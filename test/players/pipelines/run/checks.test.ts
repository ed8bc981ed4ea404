import assert from 'node:assert/strict';
import type { ChecksOutcome } from '../../../agent/pipelines/run/service.ts';
import type { RunEvent } from '../../../agent/pipelines/run/record.ts';
import { play, resultsOf, stageOf } from './playing.ts';
import { SmallService } from './small-service.ts';

const deploy = (stage: string, ...lines: string[]): string => `
- stage: ${stage}
${lines.map((line) => `  ${line}\n`).join('')}  jobs:
  - deployment: orders
    environment: ${stage}
    strategy: {runOnce: {deploy: {steps: [{bash: exit 0}]}}}
  - deployment: jobs
    environment: ${stage.toUpperCase()}
    strategy: {runOnce: {deploy: {steps: [{bash: exit 0}]}}}
`;
const environments = ['qa', 'QA', 'production', 'PRODUCTION'];

/** Plays qa, production and what comes after it; production's checks end like this. */
async function withOutcome(outcome: ChecksOutcome): Promise<{
  readonly record: Awaited<ReturnType<typeof play>>;
  readonly service: SmallService;
  readonly events: RunEvent[];
}> {
  const service = new SmallService({
    environments,
    checks: ({ stage }) => (stage === 'production' ? outcome : { result: 'passed', approvers: [] }),
  });
  const events: RunEvent[] = [];
  const listener = (event: RunEvent): void => void events.push(event);
  const after = '- stage: after\n  jobs:\n  - job: work\n    steps:\n    - bash: exit 0\n';
  const record = await play(`stages:${deploy('qa')}${deploy('production')}${after}`, { service, listener });
  return { record, service, events };
}

const outcomes = {
  rejected: { production: 'Failed', run: 'Failed' },
  skipped: { production: 'Skipped', run: 'Succeeded' },
  canceled: { production: 'Canceled', run: 'Canceled' },
} as const;

describe('the checks of a stage', () => {
  it('are those of each environment of its jobs, asked once before any of them', async () => {
    const { record, service, events } = await withOutcome({ result: 'passed', approvers: ['Ada Lane'] });
    assert.deepEqual(resultsOf(record), { qa: 'Succeeded', production: 'Succeeded', after: 'Succeeded' });
    const asked = service.checked.map(({ stage, attempt, environments: names }) => [stage, attempt, ...names]);
    assert.deepEqual(asked, [
      ['qa', 1, 'qa'],
      ['production', 1, 'production'],
    ]);
    assert.deepEqual(stageOf(record, 'production').approvers, ['Ada Lane']);
    const ofStage = events.filter((event) => 'stage' in event && event.stage === 'production');
    const kinds = ofStage.map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 3), ['checks started', 'stage started', 'job started']);
  });

  for (const [result, expected] of Object.entries(outcomes) as [
    keyof typeof outcomes,
    { production: string; run: string },
  ][]) {
    it(`that end ${result} keep its jobs from running, and the stages behind it`, async () => {
      const { record, service } = await withOutcome({ result, approvers: [], message: 'Not before Monday.' });
      const { production, run } = expected;
      assert.deepEqual(resultsOf(record), { qa: 'Succeeded', production, after: 'Skipped' });
      assert.equal(record.result, run);
      assert.equal(stageOf(record, 'production').message, 'Not before Monday.');
      assert.ok(!service.agents.some((agent) => agent.startsWith('production')), service.agents.join('\n'));
    });
  }

  it('are told how to lock, and give their locks back when the stage is over, failed or not', async () => {
    const released: string[] = [];
    const service = new SmallService({
      environments,
      checks: ({ stage }) => ({ result: 'passed', approvers: [], release: () => void released.push(stage) }),
    });
    const text = `lockBehavior: sequential\nstages:${deploy('qa')}${deploy('production', 'lockBehavior: runLatest')}`;
    await play(text.replace('exit 0', 'exit 1'), { service });
    const locks = service.checked.map(({ lockBehavior, locksItself }) => [lockBehavior, locksItself]);
    assert.deepEqual(locks, [['sequential', false]]);
    assert.deepEqual(released, ['qa']);
    await play(text, { service });
    assert.deepEqual(
      service.checked.slice(1).map(({ lockBehavior, locksItself }) => [lockBehavior, locksItself]),
      [
        ['sequential', false],
        ['runLatest', true],
      ],
    );
    assert.deepEqual(released, ['qa', 'qa', 'production']);
  });

  it('are not asked for a stage that is skipped or that names nothing to check', async () => {
    const service = new SmallService({ environments });
    await play(`stages:${deploy('qa', 'condition: false')}`, { service });
    await play('steps:\n- bash: exit 0\n', { service });
    assert.deepEqual(service.checked, []);
  });
});
