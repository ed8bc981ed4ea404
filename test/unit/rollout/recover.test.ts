import assert from 'node:assert/strict';
import { rollOut } from '../../../tasks/common/rollout/deploy.ts';
import { refusalOf } from '../chart/refusal.ts';
import { rollOutBench } from './roll-out-bench.ts';

const hours = (count: number): Date => new Date(Date.now() - count * 3_600_000);
const minutes = (count: number): Date => new Date(Date.now() - count * 60_000);

describe('a release that was left stuck', () => {
  it('is recovered at once where the last holder of the Lease noted that work', async () => {
    const { deploy, helm, lease, history } = rollOutBench('superseded', 'deployed', 'pending-upgrade');
    lease.left = { revision: 3, action: 'upgrade' };
    const end = await deploy();
    assert.deepEqual(history(), ['1 superseded', '2 superseded', '3 pending-upgrade', '4 superseded', '5 deployed']);
    assert.deepEqual(helm.runs, ['rollback 2', 'upgrade']);
    assert.deepEqual([end.before?.number, end.after?.number], [2, 5]);
    assert.match(
      end.done.join(' '),
      /^Revision 3, which was left pending-upgrade, was ended by a roll-back to revision 2; /,
    );
    assert.deepEqual(lease.notes, ['rollback 4', 'none', 'upgrade 5', 'none']);
    // An upgrade follows, so nobody waits for what is replaced anyway.
    const { wait } = helm.requests[0] as { wait: object };
    assert.deepEqual(wait, { timeoutSeconds: 300, strategy: 'hookOnly', forJobs: false });
  });

  it('is recovered at once where the last holder died before its helm could recover it', async () => {
    const { deploy, helm, lease } = rollOutBench('deployed', 'pending-upgrade');
    lease.left = { revision: 3, action: 'rollback' };
    assert.equal((await deploy()).failed, false);
    assert.deepEqual(helm.runs, ['rollback 1', 'upgrade']);
  });

  it('is recovered where its record is older than any helm should take', async () => {
    const { deploy, cluster, helm } = rollOutBench('deployed');
    cluster.of('shop').push({ number: 2, status: 'pending-upgrade', createdAt: minutes(16) });
    assert.equal((await deploy()).failed, false);
    assert.deepEqual(helm.runs, ['rollback 1', 'upgrade']);
  });

  it('is not taken for left while helm may still wait, or still writes its record', async () => {
    const slow = rollOutBench('deployed');
    slow.cluster.of('shop').push({ number: 2, status: 'pending-upgrade', createdAt: minutes(16) });
    await refusalOf(() => slow.deploy({ wait: { timeoutSeconds: 1200, strategy: 'legacy', forJobs: false } }));
    const busy = rollOutBench('deployed');
    const labels = { modifiedAt: String(Math.floor(Date.now() / 1000) - 60) };
    busy.cluster.of('shop').push({ number: 2, status: 'pending-upgrade', createdAt: hours(2), labels });
    await refusalOf(() => busy.deploy());
    assert.deepEqual([...slow.helm.runs, ...busy.helm.runs], []);
  });

  it('is recovered by age alone where no Lease is kept', async () => {
    const { cluster, tools, request, helm } = rollOutBench('deployed');
    cluster.of('shop').push({ number: 2, status: 'pending-upgrade', createdAt: hours(1) });
    assert.equal((await rollOut(request, { ...tools, lease: undefined })).failed, false);
    assert.deepEqual(helm.runs, ['rollback 1', 'upgrade']);
  });

  it('goes back to the newest superseded revision where none is deployed', async () => {
    const { deploy, helm, lease } = rollOutBench('superseded', 'superseded', 'failed', 'pending-upgrade');
    lease.left = { revision: 4, action: 'upgrade' };
    const end = await deploy();
    assert.deepEqual(helm.runs, ['rollback 2', 'upgrade']);
    // Nothing was deployed before, so what was made of the superseded one counts.
    assert.equal(end.before?.number, 5);
  });

  it('goes back without hooks where a roll-back was cut off, or where a hook fails', async () => {
    const back = rollOutBench('deployed', 'failed', 'pending-rollback');
    back.lease.left = { revision: 3, action: 'rollback' };
    await back.deploy();
    assert.deepEqual(back.helm.runs, ['rollback 1 --no-hooks', 'upgrade']);

    const hook = rollOutBench('deployed', 'pending-upgrade');
    hook.lease.left = { revision: 2, action: 'upgrade' };
    hook.helm.next('rollback', { leaves: 'pending-rollback' });
    assert.equal((await hook.deploy()).failed, false);
    assert.deepEqual(hook.helm.runs, ['rollback 1', 'rollback 1 --no-hooks', 'upgrade']);
  });

  it('forgets a roll-back that never ended, or goes on without that right', async () => {
    for (const isAllowed of [true, false]) {
      const { deploy, cluster, lease, history, log } = rollOutBench('deployed', 'failed', 'pending-rollback');
      lease.left = { revision: 3, action: 'rollback' };
      if (!isAllowed) {
        cluster.delete = async () => {
          throw new Error('secrets is forbidden.');
        };
      }
      assert.equal((await deploy()).failed, false);
      const rest = isAllowed ? ['3 superseded', '4 deployed'] : ['3 pending-rollback', '4 superseded', '5 deployed'];
      assert.deepEqual(history(), ['1 superseded', '2 failed', ...rest]);
      assert.equal(/warning: Revision 3, a roll-back that never ended, stays/.test(log.join('\n')), !isAllowed);
    }
  });

  it('needs not be healthy after the roll-back, since the upgrade comes', async () => {
    const { deploy, helm, lease } = rollOutBench('deployed', 'pending-upgrade');
    lease.left = { revision: 2, action: 'upgrade' };
    helm.next('rollback', { leaves: 'failed' });
    assert.equal((await deploy()).failed, false);
  });

  it('is taken away where nothing was ever good', async () => {
    for (const history of [['pending-install'], ['failed', 'pending-upgrade'], ['uninstalled', 'pending-install']]) {
      const { deploy, helm, lease, history: now } = rollOutBench(...history);
      lease.left = { revision: history.length, action: 'upgrade' };
      const end = await deploy();
      assert.deepEqual([helm.runs, now()], [['uninstall', 'upgrade'], ['1 deployed']]);
      assert.match(end.done.join(), /was taken away: the release was never good before it\.$/);
    }
  });

  it('is not given up to a helm that cannot end it', async () => {
    const { deploy, helm, lease } = rollOutBench('deployed', 'pending-upgrade');
    lease.left = { revision: 2, action: 'upgrade' };
    helm.next('rollback', { said: 'Error: secrets is forbidden' });
    assert.match(
      await refusalOf(() => deploy()),
      /revision 2 is still pending-upgrade, since the helm that should end it failed with exit code 1 \(Error: secrets is forbidden\)/,
    );
    assert.deepEqual(helm.runs, ['rollback 1']);
    const first = rollOutBench('pending-install');
    first.lease.left = { revision: 1, action: 'install' };
    first.helm.next('uninstall', {}).next('uninstall', {});
    assert.match(await refusalOf(() => first.deploy()), /revision 1 is still pending-install/);
  });

  it('goes on being taken away where that was our work, and comes back where it was not', async () => {
    const ours = rollOutBench('uninstalling');
    ours.lease.left = { revision: 1, action: 'uninstall' };
    await ours.deploy();
    assert.deepEqual(ours.helm.runs, ['uninstall', 'upgrade']);
    const theirs = rollOutBench();
    theirs.cluster.of('shop').push({ number: 4, status: 'uninstalling', createdAt: hours(1) });
    await theirs.deploy();
    assert.deepEqual(theirs.helm.runs, ['rollback 4 --no-hooks', 'upgrade']);
  });
});

describe('a release that somebody else works on', () => {
  it('is left alone, with who it is and what can be done', async () => {
    const { deploy, helm, cluster } = rollOutBench('deployed by 398');
    const createdAt = minutes(2);
    const labels = { 'helm-delivery/deploy-run': '399' };
    cluster.of('shop').push({ number: 2, status: 'pending-upgrade', createdAt, labels });
    const message = await refusalOf(() => deploy());
    const at = createdAt.toISOString().slice(0, 16);
    assert.match(
      message,
      new RegExp(`revision 2 is pending-upgrade since ${at}.* by run 399, which may be at work, so nothing was`),
    );
    assert.match(
      message,
      /Input waitForOther lets this step wait \(it is 0 minutes\)\. .* run the step again after 20.*Z, when/,
    );
    assert.match(message, /or end it at once by helm rollback shop 1 -n web\.$/);
    assert.deepEqual(helm.runs, []);
  });

  it('is nobody known where the labels were only handed on', async () => {
    const { deploy } = rollOutBench('deployed by 399', 'pending-upgrade by 399');
    assert.match(await refusalOf(() => deploy()), / by the helm of somebody else, which may be at work/);
    const first = rollOutBench('pending-install');
    assert.match(await refusalOf(() => first.deploy()), /end it at once by helm uninstall shop -n web\.$/);
  });

  it('is waited for as long as the step may', async () => {
    const { deploy, helm, cluster, log } = rollOutBench('deployed', 'pending-upgrade by 399');
    let looks = 0;
    cluster.beforeList = () => {
      looks += 1;
      const [one, two] = cluster.of('shop');
      if (looks === 4 && one && two) [one.status, two.status] = ['superseded', 'deployed'];
    };
    const end = await deploy({ waitForOther: { input: 'waitForOther', value: 10 } });
    assert.deepEqual([end.failed, end.after?.number, helm.runs], [false, 3, ['upgrade']]);
    assert.match(log.join('\n'), /info: .* revision 2 is pending-upgrade since .*; waiting for run 399\./);
    // It is what was there when the step began.
    assert.equal(end.before?.number, 1);
  });

  it('is not known by a note about another revision', async () => {
    const { deploy, lease, helm } = rollOutBench('deployed', 'failed', 'pending-upgrade');
    lease.left = { revision: 2, action: 'upgrade' };
    await refusalOf(() => deploy());
    assert.deepEqual(helm.runs, []);
  });
});
