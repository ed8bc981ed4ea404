import assert from 'node:assert/strict';
import { seedApp } from '../bench/app-chart.ts';
import { assertGood, failureOf, sharedRelease } from '../bench/release-cases.ts';
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
    assert.deepEqual(
      said.filter((line) => line !== 'Deployment web is ready: 1 of 1 pods'),
      [],
      step.log.join('\n'),
    );
  });

  it('tells of a crash loop with the end of its log, before it is undone', async () => {
    const step = await pipeline().deploy({ chart, setString: 'behaviour=crash-loop', timeout: '8s' });
    const error = failureOf(step);
    assert.match(error, /revision 2 is failed\. Container 'web' of Deployment 'web' ends with exit code 1/);
    assert.match(error, /its last line: 'fatal: the played program fails'\. .* Rolled back to revision 1/);
    const tail = step.log.indexOf('  | fatal: the played program fails');
    const undone = step.log.findIndex((line) => /helm rollback web 1 /.test(line));
    assert.ok(tail > 0 && tail < undone, step.log.join('\n'));
    assert.equal(step.log.filter((line) => line === step.log[tail]).length, 1, 'nothing is said twice');
    assert.deepEqual(await statuses(), ['superseded', 'failed', 'deployed']);
    assert.match(pipeline().job.record.summaries.at(-1) ?? '', /fatal\\?: the played program fails/);
  });

  it('ends the wait for an image that is not there: helm calls the revision failed, and the release goes back', async () => {
    const step = await pipeline().deploy({ chart, setString: 'behaviour=image-pull-error', timeout: '10m' });
    const error = failureOf(step);
    assert.match(error, /helm upgrade was ended by SIGTERM .*; revision 4 is failed\. Deployment 'web' cannot pull/);
    assert.match(error, /'contoso\.azurecr\.io\/web:latest'.* Rolled back to revision 3/);
    assert.deepEqual(await statuses(), ['superseded', 'failed', 'superseded', 'failed', 'deployed']);
  });
});
