import assert from 'node:assert/strict';
import type { RecordedRequest } from '../azure/index.ts';
import type { DeployRun, DeployRuns } from '../bench/deploy-runs.ts';
import { openRuns, type StartRuns } from '../bench/open-runs.ts';
import { isInWait, recordsOf, values, writesOf } from './harmed-deploy.ts';

/** Declares what becomes of runs that deploy the same release at once, on any cluster. */
export function deploysAtOnce(startRuns: StartRuns): void {
  const start = openRuns(startRuns);

  for (const count of [2, 4]) {
    it(`${count} at once write one after the other when they wait for each other`, async () => {
      const runs = await start();
      const all = await Promise.all(Array.from({ length: count }, () => runs.run()));
      const steps = await Promise.all(
        all.map((run, index) => run.deploy({ ...values(`${index}`), waitForOther: '10' })),
      );
      const told = steps.map(({ log }) => log.join('\n')).join('\n---\n');
      assert.deepEqual(new Set(steps.map(({ result }) => result)), new Set(['Succeeded']), told);
      const revisions = steps.map(({ outputs }) => Number(outputs['releaseRevision']));
      assert.deepEqual(
        revisions.sort((one, other) => one - other),
        Array.from({ length: count }, (_, index) => index + 1),
      );
      assert.equal(turnsOf(all).length, count, told);
      assert.equal(await holderOf(runs), undefined);
    });
  }

  it('the second fails and names the first when it is not to wait', async () => {
    const runs = await start();
    const [first, second] = [await runs.run(), await runs.run()];
    const waits = runs.arrival(isInWait);
    const step = first.start({ values: 'text: first\nisHeld: true', timeout: '5m' });
    await waits;
    const refused = await second.deploy(values('second'));
    assert.equal(refused.result, 'Failed', refused.log.join('\n'));
    assert.match(refused.issues.map(({ message }) => message).join(), /being worked on by another run.*buildId=8001/);
    assert.deepEqual(writesOf(second), []);
    await runs.releasePods();
    const ended = await step.ended;
    assert.equal(ended.result, 'Succeeded', ended.log.join('\n'));
    assert.deepEqual(
      (await recordsOf(runs)).map(({ status }) => status),
      ['deployed'],
    );
  });
}

/** Who wrote, each as long as nobody else did. What was refused, such as a Lease that another was faster to take, is no write. */
function turnsOf(runs: readonly DeployRun[]): (string | undefined)[] {
  const writes = runs.flatMap(writesOf).filter(isOfRelease);
  const users = writes.sort((one, other) => one.begun - other.begun).map(({ user }) => user);
  return users.filter((user, index) => user !== users[index - 1]);
}

const isOfRelease = ({ status, path }: RecordedRequest): boolean => status < 300 && path !== '/api/v1/namespaces';

async function holderOf(runs: DeployRuns): Promise<string | undefined> {
  const at = '/apis/coordination.k8s.io/v1/namespaces/web/leases/helm-delivery-web';
  const { spec } = (await runs.administrator.find(at)) as unknown as { spec: { holderIdentity?: string } };
  return spec.holderIdentity;
}
