import assert from 'node:assert/strict';
import type { RecordedRequest } from '../azure/index.ts';
import { seedApp } from '../bench/app-chart.ts';
import { userRole } from '../bench/cluster-pipeline.ts';
import { assertGood, causesOf, failureOf, sharedRelease } from '../bench/release-cases.ts';
import { startReleasePipeline } from '../bench/release-pipeline.ts';

const isBlind = /^Not all of the roll-out is seen/;

describe('HelmReleaseDeploy where its doctor is hindered', () => {
  let chart = '';
  const prepare = async (started: Parameters<typeof seedApp>[0]): Promise<void> => {
    chart = await seedApp(started, '1.0.0');
  };

  describe('without rights for events and logs', () => {
    const roles = [userRole, 'Contoso Blind Deployer'];
    const pipeline = sharedRelease(startReleasePipeline, { roles }, prepare);

    it('deploys as without a doctor, and says in one line what is not seen', async () => {
      const { log } = assertGood(await pipeline().deploy({ chart }));
      const [line = '', ...more] = log.filter((each) => isBlind.test(each));
      assert.match(line, /events/);
      assert.deepEqual(more, []);
    });

    it('fails as without a doctor, and tells what can be seen', async () => {
      const step = await pipeline().deploy({ chart, setString: 'behaviour=crash-loop', timeout: '5s' });
      assert.match(failureOf(step), /revision 2 is failed\. Rolled back to revision 1/);
      assert.match(causesOf(step)[0] ?? '', /exit code 1/);
      const statuses = (await pipeline().history()).map(({ status }) => status);
      assert.deepEqual(statuses, ['superseded', 'failed', 'deployed']);
      assert.ok(
        step.log.some((line) => isBlind.test(line) && line.includes('events')),
        step.log.join('\n'),
      );
    });
  });

  describe('while the API server is gone', () => {
    const pipeline = sharedRelease(startReleasePipeline, {}, prepare);

    /** Settles when such a request arrives that no fault hits. */
    const arrival = (match: (request: RecordedRequest) => boolean): Promise<void> =>
      new Promise((resolve) => {
        pipeline().azure.gate({ match, act: () => resolve() });
      });

    it('goes on to look when it is back, and the roll-out ends as it would have', async () => {
      const { azure, cluster, deploy, releasePods } = pipeline();
      const isInWait = arrival(({ path, headers }) => path.endsWith('/replicasets') && isOfHelm(headers));
      const ended = deploy({ chart, setString: 'behaviour=slow' });
      await isInWait;
      const fault = azure.fault({ kind: 'reset', match: ({ headers }) => !isOfHelm(headers), times: 12 });
      const isBack = arrival(({ path, query }) => path.endsWith('/pods') && query.has('watch'));
      azure.takeAway(cluster.fqdn)();
      await isBack;
      fault.lift();
      await releasePods();
      const { log } = assertGood(await ended);
      assert.ok(fault.hits > 3, `${fault.hits} requests were hit`);
      assert.doesNotMatch(log.join('\n'), /not watched|waits in vain/);
    });
  });
});

const isOfHelm = (headers: RecordedRequest['headers']): boolean => headers['user-agent']?.startsWith('Helm/') ?? false;
