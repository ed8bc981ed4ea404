import assert from 'node:assert/strict';
import type { ReleaseView, SeenObject } from '../../../tasks/common/watching/view.ts';
import { FakeCluster } from './fake-cluster.ts';
import { before as earlier, event, object, ours, paths } from './objects.ts';
import { Looking } from './looking.ts';

const names = (objects: readonly SeenObject[]): string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

function only(view: ReleaseView, kind: string): SeenObject {
  const found = view.objects.find((each) => each.kind === kind);
  assert.ok(found, `there is a ${kind}`);
  return found;
}

const podsOf = (view: ReleaseView): readonly SeenObject[] =>
  view.objects.flatMap((root) => view.childrenOf(root)).flatMap((child) => view.childrenOf(child));

describe('a release that is watched', () => {
  let cluster: FakeCluster;
  let looking: Looking;
  beforeEach(() => {
    cluster = new FakeCluster();
    looking = new Looking(cluster);
  });
  afterEach(() => looking.end());

  it('shows what the chart has and what that made, and nothing of others', async () => {
    cluster.put(paths.deployments, ours('shop', { at: earlier }));
    cluster.put(paths.deployments, object('other'));
    cluster.put(paths.deployments, ours('else', { annotations: { 'meta.helm.sh/release-name': 'other' } }));
    cluster.put(paths.replicasets, object('shop-1', { owner: 'shop', at: earlier }));
    cluster.put(paths.pods, object('shop-1-a', { owner: 'shop-1', at: earlier }));
    cluster.put(paths.pods, object('other-1-a', { owner: 'other-1' }));
    const watch = await looking.begin();
    const view = watch.view();
    assert.deepEqual(names(view.objects), ['Deployment shop']);
    const [set] = view.childrenOf(only(view, 'Deployment'));
    assert.ok(set);
    assert.deepEqual(names([set]), ['ReplicaSet shop-1']);
    assert.deepEqual(names(view.childrenOf(set)), ['Pod shop-1-a']);
    assert.equal(set.metadata['managedFields'], undefined);
    assert.equal(view.since.getTime(), cluster.now.getTime());
  });

  it('keeps up by one list and one watch a kind', async () => {
    const watch = await looking.begin();
    assert.deepEqual(watch.view().objects, []);
    cluster.put(paths.deployments, ours('shop'));
    await looking.until((view) => view.objects.length === 1);
    const seen = watch.view();
    cluster.remove(paths.deployments, 'shop');
    await looking.until((view) => view.objects.length === 0);
    assert.equal(seen.objects.length, 1, 'a view stays as it is');
    const kinds = ['daemonsets', 'deployments', 'events', 'jobs', 'pods', 'replicasets', 'statefulsets'];
    assert.deepEqual(
      cluster.asked.toSorted(),
      ['list', 'watch'].flatMap((verb) => kinds.map((kind) => `${verb} ${kind}`)),
    );
  });

  it('knows a pod that came before its ReplicaSet, and an event that came before its pod', async () => {
    cluster.put(paths.deployments, ours('shop'));
    const watch = await looking.begin();
    cluster.put(paths.events, event('e1', 'shop-1-a'));
    cluster.put(paths.pods, object('shop-1-a', { owner: 'shop-1' }));
    cluster.put(paths.pods, object('other-1-a', { owner: 'other-1' }));
    await looking.settled();
    cluster.put(paths.replicasets, object('shop-1', { owner: 'shop' }));
    await looking.until((view) => podsOf(view).length > 0);
    const view = watch.view();
    assert.deepEqual(names(podsOf(view)), ['Pod shop-1-a']);
    const [pod] = podsOf(view);
    assert.ok(pod);
    assert.deepEqual(
      view.eventsOf(pod).map(({ reason, count }) => [reason, count]),
      [['FailedScheduling', 1]],
    );
  });
});
