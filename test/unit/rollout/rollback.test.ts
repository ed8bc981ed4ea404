import assert from 'node:assert/strict';
import { rollBack } from '../../../tasks/common/rollout/rollback.ts';
import { refusalOf } from '../chart/refusal.ts';
import { rollOutBench } from './roll-out-bench.ts';

function bench(...history: string[]) {
  const parts = rollOutBench(...history);
  const deployer = { deployRun: '400', approver: 'someone' };
  const back = (value?: number) =>
    rollBack({ ...parts.request, toRevision: { input: 'toRevision', value }, deployer }, parts.tools);
  return { ...parts, back };
}

describe('a roll-back', () => {
  it('goes to the good revision before the current one, and says who did it', async () => {
    const { back, helm, history, cluster } = bench('superseded', 'failed', 'deployed by 7');
    const end = await back();
    assert.deepEqual(helm.runs, ['rollback 1']);
    assert.deepEqual(history(), ['1 superseded', '2 failed', '3 superseded', '4 deployed']);
    assert.match(end.message, /: Rolled back to revision 1, which is revision 4 now and healthy\.$/);
    assert.deepEqual([end.failed, end.before?.number, end.after?.number], [false, 3, 4]);
    assert.match(
      cluster.requests.join('\n'),
      /PATCH .*\.v4 {"metadata":{"uid":"uid-4","labels":{"helm-delivery\/deploy-run":"400","helm-delivery\/approver":"someone"}}}/,
    );
  });

  it('goes to what is deployed where the current one failed', async () => {
    const { back, helm } = bench('superseded', 'deployed', 'failed');
    await back();
    assert.deepEqual(helm.runs, ['rollback 2']);
  });

  it('goes to the revision that is asked for', async () => {
    const { back, helm } = bench('superseded', 'superseded', 'deployed');
    await back(1);
    assert.deepEqual(helm.runs, ['rollback 1']);
  });

  it('is refused where there is no such revision, or none that was good', async () => {
    for (const [history, wanted, told] of [
      [
        ['superseded', 'failed', 'deployed'],
        2,
        /input toRevision is 2, which is failed\. Revisions there: 1 superseded, 2 failed, 3 deployed\./,
      ],
      [['superseded', 'deployed'], 9, /input toRevision is 9, which helm has no record of \(any more\)\./],
      [
        ['failed', 'deployed'],
        undefined,
        /there is no revision before the current one that was good\. Revisions there: 1/,
      ],
      [
        [],
        undefined,
        /^There is no release 'shop' in namespace 'web', .*check its name, the namespace and the cluster\./,
      ],
    ] as const) {
      const { back, helm } = bench(...history);
      assert.match(await refusalOf(() => back(wanted)), told);
      assert.deepEqual(helm.runs, []);
    }
  });

  it('goes to none unasked that failed, though helm calls it superseded', async () => {
    const first = bench();
    first.helm.next('upgrade', { leaves: 'failed' });
    await first.deploy();
    await first.deploy();
    assert.deepEqual(first.history(), ['1 superseded', '2 deployed']);
    const told =
      /no revision before the current one that was good\. Revisions there: 1 superseded \(it failed\), 2 deployed\./;
    assert.match(await refusalOf(() => first.back()), told);
    await first.back(1);
    await first.deploy();
    await first.back();
    assert.deepEqual(first.helm.runs, ['upgrade', 'upgrade', 'rollback 1', 'upgrade', 'rollback 3']);

    const twice = bench('superseded', 'deployed');
    twice.helm.next('upgrade', { leaves: 'failed' }).next('rollback', { leaves: 'failed' });
    await twice.deploy();
    assert.deepEqual(twice.history(), ['1 superseded', '2 deployed', '3 superseded', '4 failed']);
    await twice.back();
    assert.deepEqual(twice.helm.runs, ['upgrade', 'rollback 2', 'rollback 2']);

    const tested = bench('superseded', 'deployed');
    tested.helm.next('test', { said: 'Error: pod web-test failed' });
    await tested.deploy({ runTests: true });
    assert.deepEqual(tested.history(), ['1 superseded', '2 superseded', '3 superseded', '4 deployed']);
    await tested.back();
    assert.deepEqual(tested.helm.runs, ['upgrade', 'test', 'rollback 2', 'rollback 2']);
  });

  it('recovers a release first that is stuck', async () => {
    const { back, helm, lease } = bench('superseded', 'deployed', 'pending-upgrade');
    lease.left = { revision: 3, action: 'upgrade' };
    const end = await back(1);
    assert.deepEqual(helm.runs, ['rollback 2', 'rollback 1']);
    assert.deepEqual([end.before?.number, end.done.length], [2, 2]);
  });

  it('fails where it does not get healthy, or where its hooks fail', async () => {
    const sick = bench('superseded', 'deployed');
    sick.helm.next('rollback', { leaves: 'failed', said: 'Error: not ready' });
    const end = await sick.back();
    assert.equal(end.failed, true);
    assert.match(
      end.message,
      /The roll-back to revision 1 failed with exit code 1 \(Error: not ready\); revision 3 is failed, and the objects of the release may be of both revisions\.$/,
    );

    const hooks = bench('superseded', 'deployed');
    hooks.helm.next('rollback', { leaves: 'pending-rollback', said: 'Error: hook' });
    assert.equal((await hooks.back()).failed, true);
    assert.deepEqual(hooks.helm.runs, ['rollback 1', 'rollback 1 --no-hooks']);

    const lost = bench('superseded', 'deployed');
    lost.helm.next('rollback', { said: 'Error: forbidden' });
    assert.match(
      (await lost.back()).message,
      /failed with exit code 1 \(Error: forbidden\); no revision was made of it\.$/,
    );
  });

  it('does not fail for want of the right to label its record', async () => {
    const { back, cluster, log } = bench('superseded', 'deployed');
    cluster.patch = async () => {
      throw new Error('secrets is forbidden');
    };
    assert.equal((await back()).failed, false);
    assert.match(
      log.join('\n'),
      /warning: Revision 3 keeps the labels .* does not name this run: secrets is forbidden/,
    );
  });
});
