import assert from 'node:assert/strict';
import { Cancelled, TaskError } from '../../../tasks/common/task/outcome.ts';
import { refusalOf } from '../chart/refusal.ts';
import { digest, rollOutBench } from './roll-out-bench.ts';

const keep = { onFailure: { input: 'onFailure', value: 'keep' } } as const;
const uninstall = { onFailure: { input: 'onFailure', value: 'uninstallFirstInstall' } } as const;

describe('a roll-out', () => {
  it('makes the next revision, which says whose it is', async () => {
    const { deploy, cluster, helm, lease, history } = rollOutBench('superseded', 'deployed');
    const end = await deploy();
    assert.equal(end.failed, false);
    assert.equal(end.message, "Release 'shop' in namespace 'web': revision 3 is deployed.");
    assert.deepEqual([end.before?.number, end.after?.number, end.after?.labels.digest], [2, 3, digest]);
    assert.deepEqual(history(), ['1 superseded', '2 superseded', '3 deployed']);
    assert.equal(cluster.of('shop').at(-1)?.labels?.['helm-delivery/ci-run'], '345');
    assert.deepEqual(helm.runs, ['upgrade']);
    assert.deepEqual(lease.notes, ['upgrade 3', 'none']);
  });

  it('writes down nothing that is not known where there was no release', async () => {
    const { deploy, cluster } = rollOutBench();
    const end = await deploy();
    assert.deepEqual([end.before, end.after?.number], [undefined, 1]);
    const labels = Object.keys(cluster.of('shop')[0]?.labels ?? {});
    assert.ok(labels.includes('helm-delivery/digest-2') && !labels.includes('helm-delivery/approver'));
  });

  it('starts anew where an uninstall left the history', async () => {
    const { deploy, cluster } = rollOutBench('uninstalled');
    assert.deepEqual([(await deploy()).before, cluster.of('shop').at(-1)?.status], [undefined, 'deployed']);
    assert.ok(!Object.values(cluster.of('shop').at(-1)?.labels ?? {}).includes('null'));
  });

  it('counts what the record says, not how helm ended', async () => {
    const cut = rollOutBench('deployed');
    cut.helm.next('upgrade', { leaves: 'deployed', signal: 'SIGKILL' });
    assert.equal((await cut.deploy()).failed, false);
    assert.match(cut.log.join('\n'), /warning: helm upgrade was ended by SIGKILL.*, but revision 2 is deployed\./);

    const odd = rollOutBench('deployed');
    odd.helm.next('upgrade', { leaves: 'failed', exitCode: 0 });
    assert.match((await odd.deploy(keep)).message, /helm upgrade ended well; revision 2 is failed\./);
  });

  it('fails where the record is that of somebody else, and undoes nothing', async () => {
    const { deploy, helm, cluster } = rollOutBench('deployed');
    const meanwhile = (): void => {
      cluster.of('shop').push({ number: 2, status: 'deployed', labels: { 'helm-delivery/deploy-run': '399' } });
    };
    helm.next('upgrade', { meanwhile, said: 'Error: release: already exists' });
    const end = await deploy();
    assert.equal(end.failed, true);
    assert.match(end.message, /revision 2 \(deployed\) was made by somebody else meanwhile, so nothing is undone\.$/);
    assert.deepEqual(helm.runs, ['upgrade']);
  });

  it('undoes nothing where no revision was made', async () => {
    const { deploy, helm } = rollOutBench('deployed');
    helm.next('upgrade', { said: 'Error: UPGRADE FAILED: template: shop/templates/x.yaml:1' });
    const { message, failed } = await deploy();
    assert.equal(failed, true);
    assert.match(
      message,
      /helm upgrade failed with exit code 1 \(Error: UPGRADE FAILED: template.*\); no revision was made\.$/,
    );
    assert.deepEqual(helm.runs, ['upgrade']);
  });
});

describe('a roll-out that failed', () => {
  it('goes back to what was deployed before, and waits until that is healthy', async () => {
    const { deploy, helm, history, cluster, lease } = rollOutBench('superseded', 'failed', 'deployed by 399');
    helm.next('upgrade', { leaves: 'failed' });
    const end = await deploy({ wait: { timeoutSeconds: 60, strategy: 'hookOnly', forJobs: true } });
    assert.match(
      end.message,
      /helm upgrade failed with exit code 1 \(Error: it did not work\); revision 4 is failed\. Rolled back to revision 3, which is revision 5 now and healthy\.$/,
    );
    assert.deepEqual([end.failed, end.before?.number, end.after?.number], [true, 3, 5]);
    assert.deepEqual(history().slice(1), ['2 failed', '3 superseded', '4 failed', '5 deployed']);
    assert.deepEqual(helm.runs, ['upgrade', 'rollback 3']);
    assert.deepEqual(lease.notes, ['upgrade 4', 'none', 'rollback 5', 'none']);
    const { wait } = helm.requests[1] as { wait: object };
    assert.deepEqual(wait, { timeoutSeconds: 60, strategy: 'legacy', forJobs: true });
    assert.match(
      cluster.requests.join('\n'),
      /PATCH \/api\/v1\/namespaces\/web\/secrets\/sh\.helm\.release\.v1\.shop\.v5 {"metadata":{"uid":"uid-5","labels":{"helm-delivery\/deploy-run":"400","helm-delivery\/approver":null}}}/,
    );
  });

  it('goes back when its tests fail, to the revision before', async () => {
    const { deploy, helm, history } = rollOutBench('deployed');
    helm.next('test', { said: 'Error: pod shop-test failed' });
    const end = await deploy({ runTests: true });
    assert.match(end.message, /The tests of the release did not pass: helm test failed .*\. Rolled back to revision 1/);
    assert.deepEqual(history(), ['1 superseded', '2 superseded', '3 deployed']);
    const good = rollOutBench('deployed');
    assert.equal((await good.deploy({ runTests: true })).failed, false);
    assert.deepEqual(good.helm.runs, ['upgrade', 'test']);
    assert.deepEqual(good.lease.notes, ['upgrade 2', 'none']);
  });

  it('is kept where that is wanted, or where nothing was ever good', async () => {
    const wanted = rollOutBench('deployed');
    wanted.helm.next('upgrade', { leaves: 'failed' });
    assert.match(
      (await wanted.deploy(keep)).message,
      /Revision 2 stays as it is \(failed\), since input onFailure is keep\.$/,
    );

    const first = rollOutBench();
    first.helm.next('upgrade', { leaves: 'failed' });
    assert.match(
      (await first.deploy()).message,
      /Revision 1 stays as it is \(failed\), since there is no good revision to go back to \(input onFailure\)\.$/,
    );
    assert.deepEqual([...wanted.helm.runs, ...first.helm.runs], ['upgrade', 'upgrade']);
  });

  it('is taken away where it is the first, and that is wanted', async () => {
    const { deploy, helm, history } = rollOutBench('failed');
    helm.next('upgrade', { leaves: 'failed' }).next('uninstall', { said: 'Error: hook failed' });
    const end = await deploy(uninstall);
    assert.match(end.message, /The first install was taken away again, since no revision was ever good\.$/);
    assert.deepEqual([end.after, history()], [undefined, []]);
    assert.deepEqual(helm.runs, ['upgrade', 'uninstall', 'uninstall --no-hooks']);

    const later = rollOutBench('deployed');
    later.helm.next('upgrade', { leaves: 'failed' });
    assert.match((await later.deploy(uninstall)).message, /Rolled back to revision 1,/);
  });

  it('is recovered at once where helm was killed', async () => {
    const { deploy, helm, history } = rollOutBench('deployed');
    helm.next('upgrade', { leaves: 'pending-upgrade', signal: 'SIGKILL' });
    assert.match(
      (await deploy()).message,
      /was ended by SIGKILL, as where memory runs out \(.*\); revision 2 is pending-upgrade\. Rolled back/,
    );
    assert.deepEqual(history(), ['1 superseded', '2 pending-upgrade', '3 deployed']);
    assert.deepEqual(helm.runs, ['upgrade', 'rollback 1']);

    const first = rollOutBench();
    first.helm.next('upgrade', { leaves: 'pending-install', signal: 'SIGKILL' });
    assert.match((await first.deploy()).message, /Revision 1, which was left pending-install, was taken away/);
    assert.deepEqual(first.history(), []);

    const kept = rollOutBench('deployed');
    kept.helm.next('upgrade', { leaves: 'pending-upgrade', signal: 'SIGKILL' });
    assert.match(
      (await kept.deploy(keep)).message,
      /The next run of this step recovers it; helm refuses every upgrade until then\.$/,
    );
    // The note stays, so that the next run need not wait until the record is old.
    assert.deepEqual(kept.lease.notes, ['upgrade 2']);
  });

  it('is ended without hooks where a hook of the roll-back fails', async () => {
    const { deploy, helm, history } = rollOutBench('deployed');
    helm.next('test', {}).next('rollback', { leaves: 'pending-rollback', said: 'Error: pre-rollback hooks failed' });
    const end = await deploy({ runTests: true });
    assert.match(
      end.message,
      /The roll-back to revision 1 failed .*\. Revision 3, which was left pending-rollback, was ended by a roll-back to revision 1 without its hooks; it is deployed now\.$/,
    );
    // The record that never ended is dropped, or helm would compare with it and forget what revision 2 brought.
    assert.deepEqual(history(), ['1 superseded', '2 superseded', '3 deployed']);
    assert.deepEqual(helm.runs, ['upgrade', 'test', 'rollback 1', 'rollback 1 --no-hooks']);
  });

  it('says so where the roll-back fails, too', async () => {
    const { deploy, helm } = rollOutBench('deployed');
    helm.next('upgrade', { leaves: 'failed' }).next('rollback', { leaves: 'failed', said: 'Error: not ready' });
    const end = await deploy();
    assert.match(
      end.message,
      /The roll-back to revision 1 failed with exit code 1 \(Error: not ready\); revision 3 is failed, and the objects of the release may be of both revisions\.$/,
    );
    assert.deepEqual([end.after?.number, end.after?.status], [3, 'failed']);
  });
});

describe('a roll-out after one that failed', () => {
  it('takes back first what only the failed revision had', async () => {
    const { deploy, helm, history } = rollOutBench('superseded', 'deployed', 'failed');
    const end = await deploy();
    assert.deepEqual(helm.runs, ['rollback 2 --no-hooks', 'upgrade']);
    assert.deepEqual(history().slice(1), ['2 superseded', '3 failed', '4 superseded', '5 deployed']);
    assert.deepEqual([end.before?.number, end.after?.number], [2, 5]);
    assert.deepEqual(end.done, ['Revision 3, which failed, was taken back first: revision 4 is revision 2 again.']);
    const { wait } = helm.requests[0] as { wait: object };
    assert.deepEqual(wait, { timeoutSeconds: 300, strategy: 'hookOnly', forJobs: false });
  });

  it('goes on where that cannot be taken back, and says so', async () => {
    const { deploy, helm, log } = rollOutBench('deployed', 'failed');
    helm.next('rollback', { leaves: 'failed' });
    assert.equal((await deploy()).failed, false);
    assert.match(log.join('\n'), /warning: Revision 2, which failed, could not be taken back: helm rollback failed/);
  });

  it('has nothing to take back where nothing was ever good', async () => {
    const { deploy, helm } = rollOutBench('failed');
    assert.equal((await deploy()).failed, false);
    assert.deepEqual(helm.runs, ['upgrade']);
  });
});

describe('a roll-out that is stopped', () => {
  it('starts no other helm and leaves its note', async () => {
    const { deploy, helm, lease, cancel } = rollOutBench('deployed');
    helm.next('upgrade', { leaves: 'failed', meanwhile: () => cancel.abort(new Cancelled('The run was cancelled.')) });
    await assert.rejects(deploy(), Cancelled);
    assert.deepEqual([helm.runs, lease.notes], [['upgrade'], ['upgrade 2']]);
  });

  it('does nothing more once its Lease is lost', async () => {
    const { deploy, helm, lease } = rollOutBench('deployed');
    const meanwhile = (): void => lease.lose(new TaskError('This run lost the Lease to run 401.'));
    helm.next('upgrade', { leaves: 'failed', meanwhile });
    assert.equal(await refusalOf(() => deploy()), 'This run lost the Lease to run 401.');
    assert.deepEqual(helm.runs, ['upgrade']);
  });

  it('does not begin without its Lease', async () => {
    const { deploy, helm, lease } = rollOutBench('deployed');
    lease.isHeld = false;
    assert.match(
      await refusalOf(() => deploy()),
      /the Lease on it could not be renewed in time, so nothing more is changed/,
    );
    assert.deepEqual([helm.runs, lease.notes], [[], []]);
  });
});
