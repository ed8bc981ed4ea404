import assert from 'node:assert/strict';
import { objectIn, type KubernetesObject } from '../../../tasks/common/cluster/objects.ts';
import { usualKinds } from '../../../tasks/common/watching/kinds.ts';
import { SeenRelease } from '../../../tasks/common/watching/seen-release.ts';
import { event, object, ours, release } from './objects.ts';

const answeredAt = new Date('2026-11-27T10:00:00Z');

function kindOf(name: string) {
  const kind = usualKinds.find((each) => each.kind === name);
  assert.ok(kind);
  return kind;
}

function item(value: object): KubernetesObject {
  const made = objectIn(value);
  assert.ok(made);
  return made;
}

const page = (...items: object[]) => ({ items: items.map(item), resourceVersion: '7', size: 1, answeredAt });

describe('what is known of a release', () => {
  let seen: SeenRelease;
  const changes: string[] = [];
  beforeEach(() => {
    changes.length = 0;
    seen = new SeenRelease(
      release,
      () => void changes.push('changed'),
      () => undefined,
    );
  });
  const sink = (kind: string) => seen.sinkOf(kindOf(kind));
  const eventsOf = (name: string) =>
    seen.view().eventsOf({ kind: 'Deployment', apiVersion: 'apps/v1', ...object(name) });

  it('keeps a pod of a list whose ReplicaSet comes before the list has ended', () => {
    const pods = sink('Pod');
    pods.page(page(object('shop-1-a', { owner: 'shop-1' }), object('other', { owner: 'other-1' })));
    sink('Deployment').changed('ADDED', item(ours('shop')));
    sink('ReplicaSet').changed('ADDED', item(object('shop-1', { owner: 'shop' })));
    pods.whole();
    const view = seen.view();
    const made = view.objects.flatMap((root) => view.childrenOf(root)).flatMap((set) => view.childrenOf(set));
    assert.deepEqual(
      made.map(({ metadata }) => metadata.name),
      ['shop-1-a'],
    );
    sink('Pod').whole();
    assert.deepEqual(seen.view().childrenOf({ ...object('shop-1'), kind: 'ReplicaSet', apiVersion: 'apps/v1' }), []);
  });

  it('keeps nothing of a list that broke off: what was gone by the next one is gone', () => {
    const deployments = sink('Deployment');
    deployments.begins();
    deployments.page(page(ours('shop'), ours('cart')));
    deployments.begins();
    deployments.page(page(ours('cart')));
    deployments.whole();
    assert.deepEqual(
      seen.view().objects.map(({ metadata }) => metadata.name),
      ['cart'],
    );
  });

  it('forgets the events of what is gone for good', () => {
    sink('Deployment').page(page(ours('shop')));
    const about = { involvedObject: { kind: 'Deployment', name: 'shop', uid: 'uid-shop' } };
    seen.sinkOfEvents().changed('ADDED', item(event('e', 'shop', about)));
    assert.equal(eventsOf('shop').length, 1);
    sink('Deployment').changed('DELETED', item(ours('shop')));
    assert.equal(eventsOf('shop').length, 0);
  });

  it('knows how far the clock of the API server is ahead, however late it answers', () => {
    assert.equal(seen.view().clockAheadMs, undefined);
    const from = Date.now();
    sink('Deployment').page({ ...page(), answeredAt: new Date(from + 3_600_000) });
    sink('Deployment').whole();
    const ahead = seen.view().clockAheadMs ?? 0;
    assert.ok(ahead <= 3_600_000 && ahead >= 3_600_000 - (Date.now() - from), String(ahead));
  });

  it('lets old events of an object go when it has many, and those of objects that nobody knows', () => {
    sink('Deployment').page(page(ours('shop')));
    const hear = seen.sinkOfEvents();
    const about = { involvedObject: { kind: 'Deployment', name: 'shop', uid: 'uid-shop' } };
    for (let at = 0; at < 150; at += 1) {
      hear.changed('ADDED', item(event(`e-${at}`, 'shop', { ...about, reason: `Reason${at}` })));
    }
    assert.deepEqual([eventsOf('shop').length, eventsOf('shop')[0]?.reason], [100, 'Reason50']);
    const late = { involvedObject: { kind: 'Deployment', name: 'late', uid: 'uid-late' } };
    for (let at = 0; at < 600; at += 1) hear.changed('ADDED', item(event(`l-${at}`, 'late', late)));
    sink('Deployment').changed('ADDED', item(ours('late')));
    assert.equal(eventsOf('late').length, 100);
  });

  it('tells no change of what is not of the release, and gives the same view until there is one', () => {
    const view = seen.view();
    seen.sinkOfEvents().changed('ADDED', item(event('foreign', 'other')));
    assert.equal(seen.view(), view);
    sink('Pod').changed('ADDED', item(object('other', { owner: 'other-1' })));
    assert.equal(seen.view(), view);
    assert.deepEqual(changes, []);
  });
});
