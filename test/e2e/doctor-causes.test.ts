import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { StepResult } from '../agent/index.ts';
import { seedApp } from '../bench/app-chart.ts';
import { assertGood, causesOf, failureOf, sharedRelease } from '../bench/release-cases.ts';
import { requestsOfDoctor } from '../bench/doctor-requests.ts';
import { startReleasePipeline } from '../bench/release-pipeline.ts';

describe('HelmReleaseDeploy and why a roll-out fails', () => {
  let chart = '';
  const pipeline = sharedRelease(startReleasePipeline, {}, async (started) => {
    chart = await seedApp(started, '1.0.0');
  });

  const statuses = async (): Promise<string[]> => (await pipeline().history()).map(({ status }) => status);

  it('adds one list and one watch a kind to a roll-out that goes well, and no word but that it is ready', async () => {
    const step = assertGood(await pipeline().deploy({ chart }));
    const { lists, watches, others } = requestsOfDoctor(pipeline());
    const kinds = ['daemonsets', 'deployments', 'events', 'jobs', 'pods', 'replicasets', 'secrets', 'statefulsets'];
    assert.deepEqual([lists, watches], [kinds, kinds]);
    assert.deepEqual(others, []);
    const said = step.log.filter((line) =>
      /^(?:Deployment|Pod) |Before it begins|waits in vain|not watched/.test(line),
    );
    assert.ok(
      said.every((line) => line.startsWith('Deployment web is ready: 1 of 1 pod')),
      step.log.join('\n'),
    );
  });

  it('tells of a crash loop with the end of its log, before it is undone', async () => {
    const step = await pipeline().deploy({ chart, setString: 'behaviour=crash-loop', timeout: '8s' });
    assert.match(failureOf(step), /revision 2 is failed\. Rolled back to revision 1/);
    const [cause = '', ...more] = causesOf(step);
    assert.match(cause, /^Container 'web' of Deployment 'web' ends with exit code 1/);
    assert.match(cause, /its last line: 'fatal: the played program fails'\. Read the last lines of its log/);
    assert.deepEqual(more, []);
    assert.deepEqual(foundBy(step), [{ cause: 'container-crashes', canMend: true }]);
    const [said, undone] = [cause, 'helm rollback web 1 '].map((text) =>
      step.log.findIndex((line) => line.includes(text)),
    );
    assert.ok(said !== undefined && undone !== undefined && said > 0 && said < undone, step.log.join('\n'));
    assert.ok(
      step.log.filter((line) => line === '  | fatal: the played program fails').length <= 1,
      'nothing is said twice',
    );
    assert.match(
      pipeline().job.record.summaries.at(-1) ?? '',
      /^```\nstarting\nfatal: the played program fails\n```$/m,
    );
    assert.deepEqual(await statuses(), ['superseded', 'failed', 'deployed']);
  });

  it('ends the wait for an image that is not there: helm calls the revision failed, and the release goes back', async () => {
    const step = await pipeline().deploy({ chart, setString: 'behaviour=image-pull-error', timeout: '10m' });
    assert.match(failureOf(step), /it waited in vain.*; revision 4 is failed\. Rolled back to revision 3/);
    const [cause = '', ...more] = causesOf(step);
    assert.match(cause, /^Deployment 'web' cannot pull 'contoso\.azurecr\.io\/web:latest'.* Push 'latest'/);
    assert.deepEqual(foundBy(step), [{ cause: 'image-not-found', canMend: false }]);
    assert.deepEqual(more, []);
    assert.deepEqual(await statuses(), ['superseded', 'failed', 'superseded', 'failed', 'deployed']);
  });
});

/** What the file for programs says of the causes. */
function foundBy({ outputs }: StepResult): { cause: string; canMend: boolean }[] {
  const text = readFileSync(outputs['diagnosisFile'] ?? '', 'utf8');
  const { findings } = JSON.parse(text) as { findings: { cause: string; canMend: boolean }[] };
  return findings.map(({ cause, canMend }) => ({ cause, canMend }));
}
