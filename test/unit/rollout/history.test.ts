import assert from 'node:assert/strict';
import { isFirst, isPending, newest, readHistory } from '../../../tasks/common/rollout/history.ts';
import { refusalOf } from '../chart/refusal.ts';
import { FakeCluster } from './fake-cluster.ts';

const shop = { name: 'shop', namespace: 'web' };

describe('the history of a release', () => {
  it('is read from the labels of its records, and of no other release', async () => {
    const cluster = new FakeCluster();
    const createdAt = new Date('2026-11-26T10:00:00Z');
    const labels = { modifiedAt: '1795687200', 'helm-delivery/ci-run': '77' };
    cluster.of('shop').push({ number: 10, status: 'deployed', createdAt, labels }, { number: 9, status: 'superseded' });
    cluster.of('other').push({ number: 1, status: 'deployed' });
    const history = await readHistory(cluster, shop);
    assert.deepEqual(
      history.map(({ number, status, createdAt: created, modifiedAt }) => [number, status, created, modifiedAt]),
      [
        [9, 'superseded', undefined, undefined],
        [10, 'deployed', createdAt, new Date(1795687200_000)],
      ],
    );
    assert.equal(history[1]?.labels.ciRun, '77');
    assert.equal(history[1]?.secretName, 'sh.helm.release.v1.shop.v10');
    assert.deepEqual(cluster.requests, [
      'GET /api/v1/namespaces/web/secrets owner=helm,name=shop type=helm.sh/release.v1 metadata',
    ]);
  });

  it('is empty for a release that is not there', async () => {
    assert.deepEqual(await readHistory(new FakeCluster(), shop), []);
  });

  it('is refused where somebody changed the labels of a record', async () => {
    for (const labels of [{ version: '3' }, { version: 'x' }, { status: '' }, { status: 'De\u202eployed' }]) {
      const cluster = new FakeCluster();
      cluster.of('shop').push({ number: 2, status: 'deployed', labels });
      assert.match(
        await refusalOf(() => readHistory(cluster, shop)),
        /^The Secret sh\.helm\.release\.v1\.shop\.v2 in namespace web should be helm's record .*: somebody changed it\./,
      );
    }
  });

  it('tells what counts in it', async () => {
    const cluster = new FakeCluster();
    for (const [index, status] of ['deployed', 'superseded', 'deployed', 'failed', 'pending-rollback'].entries())
      cluster.of('shop').push({ number: index + 1, status });
    const history = await readHistory(cluster, shop);
    assert.equal(newest(history, 'deployed')?.number, 3);
    assert.equal(newest(history, 'deployed', 'failed')?.number, 4);
    assert.equal(newest(history, 'uninstalled'), undefined);
    assert.deepEqual(history.map(isPending), [false, false, false, false, true]);
    assert.equal(isFirst(history), false);
    assert.equal(isFirst([]), true);
    cluster.of('shop').push({ number: 6, status: 'uninstalled' });
    assert.equal(isFirst(await readHistory(cluster, shop)), true);
  });
});
