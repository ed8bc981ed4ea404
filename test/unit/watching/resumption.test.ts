import assert from 'node:assert/strict';
import { Cancelled, TaskError } from '../../../tasks/common/task/outcome.ts';
import { FakeCluster, refused } from './fake-cluster.ts';
import { Looking } from './looking.ts';
import { event, object, ours, paths } from './objects.ts';

const lists = (cluster: FakeCluster, kind: string): number =>
  cluster.asked.filter((each) => each === `list ${kind}`).length;

describe('what happens to the watches of a release', () => {
  let cluster: FakeCluster;
  let looking: Looking;
  beforeEach(() => {
    cluster = new FakeCluster();
    looking = new Looking(cluster);
    cluster.put(paths.deployments, ours('shop'));
    cluster.put(paths.deployments, ours('cart'));
  });
  afterEach(() => looking.end());

  it('one that breaks goes on from the last version, without a list', async () => {
    await looking.begin();
    cluster.breakWatches();
    cluster.remove(paths.deployments, 'cart');
    await looking.until((view) => view.objects.length === 1);
    assert.equal(lists(cluster, 'deployments'), 1);
  });

  it('one whose version is forgotten lists anew, and what is gone meanwhile is gone', async () => {
    await looking.begin();
    cluster.breakWatches({ forgets: true });
    cluster.remove(paths.deployments, 'cart');
    cluster.put(paths.deployments, ours('web'));
    const { objects } = await looking.until(({ objects: now }) => now.some(({ metadata }) => metadata.name === 'web'));
    assert.deepEqual(
      objects.map(({ metadata }) => metadata.name),
      ['shop', 'web'],
    );
    assert.ok(lists(cluster, 'deployments') > 1);
  });

  it('a 410 to the request itself is the same, and so is one in the middle of a list', async () => {
    cluster.refuse('list pods', refused(410));
    cluster.refuse('watch jobs', refused(410));
    const begun = looking.begin();
    await cluster.wasAsked('list pods', 2);
    await cluster.wasAsked('list jobs', 2);
    cluster.refuse('list pods', undefined);
    cluster.refuse('watch jobs', undefined);
    await begun;
    await cluster.wasAsked('watch jobs');
    assert.deepEqual(looking.watch.view().blind, []);
  });

  it('a kind that may not be seen is one sentence, all such kinds together, and is not asked for again', async () => {
    for (const kind of ['pods', 'jobs']) cluster.refuse(`list ${kind}`, refused(403));
    cluster.refuse('watch deployments', refused(403));
    const watch = looking.watch;
    await watch.start();
    const { blind, objects } = await looking.until((view) => view.blind[0]?.includes('deployments') === true);
    assert.deepEqual(blind, [
      'Not seen: deployments, jobs, pods. The identity lacks the rights get, list and watch on them (HTTP 403).',
    ]);
    assert.deepEqual(objects, [], 'what a list showed is no news where no watch keeps it up');
    assert.equal(lists(cluster, 'pods'), 1);
  });

  it('a kind that is not there is nothing', async () => {
    cluster.refuse('list daemonsets', refused(404));
    await looking.begin();
    assert.deepEqual(looking.watch.view().blind, []);
  });

  it('an API server that stays away is one sentence, as long as it does; nothing is thrown', async () => {
    await looking.begin();
    const away = new TaskError('The API server api.contoso.example could not be reached (ECONNREFUSED).');
    for (const kind of ['deployments', 'pods', 'jobs']) cluster.refuse(`watch ${kind}`, away);
    cluster.breakWatches();
    const { blind, objects } = await looking.until(
      (view) => view.blind[0]?.includes('deployments, jobs, pods.') === true,
    );
    assert.match(
      blind[0] ?? '',
      /^Not seen: deployments, jobs, pods\. The API server api\.contoso\.example could not be/,
    );
    assert.equal(objects.length, 2, 'it stays as it was seen last');
    cluster.remove(paths.deployments, 'cart');
    for (const kind of ['deployments', 'pods', 'jobs']) cluster.refuse(`watch ${kind}`, undefined);
    await looking.until((view) => view.blind.length === 0 && view.objects.length === 1);
    assert.equal(lists(cluster, 'deployments'), 1);
  });

  it('ends with the run', async () => {
    await looking.begin();
    const asked = cluster.asked.length;
    looking.cancel(new Cancelled('enough'));
    await looking.settled();
    cluster.put(paths.deployments, ours('web'));
    await looking.settled();
    assert.equal(cluster.asked.length, asked);
    assert.deepEqual(looking.watch.view().blind, []);
    assert.equal(looking.watch.view().objects.length, 2);
  });
});

describe('the events of a run', () => {
  it('are those since it began: of one that goes on, what it counts since', async () => {
    const cluster = new FakeCluster();
    const looking = new Looking(cluster);
    cluster.put(paths.deployments, ours('shop'));
    const about = { involvedObject: { kind: 'Deployment', name: 'shop', uid: 'uid-shop' } };
    for (let at = 0; at < 3; at += 1) cluster.put(paths.events, event(`old-${at}`, 'shop', { ...about, count: 7 }));
    await looking.begin();
    await cluster.wasAsked('watch events');
    cluster.put(paths.events, event('old-1', 'shop', { ...about, count: 8, lastTimestamp: '2026-11-27T10:00:00Z' }));
    cluster.put(paths.events, event('old-1', 'shop', { ...about, count: 9, lastTimestamp: '2026-11-27T10:00:01Z' }));
    const series = { count: 4, lastObservedTime: '2026-11-27T10:00:02.000001Z' };
    cluster.put(paths.events, event('new', 'shop', { ...about, type: 'Normal', reason: 'ScalingReplicaSet', series }));
    cluster.put(paths.events, event('foreign', 'other'));
    cluster.put(paths.events, event('by-name', 'shop', { involvedObject: { kind: 'Deployment', name: 'shop' } }));
    const shop = object('shop');
    const view = await looking.until(
      (now) => now.eventsOf({ ...shop, kind: 'Deployment', apiVersion: 'v1' }).length === 3,
    );
    assert.deepEqual(
      view
        .eventsOf({ ...shop, kind: 'Deployment', apiVersion: 'v1' })
        .map(({ reason, count, type }) => [reason, count, type]),
      [
        ['FailedScheduling', 2, 'Warning'],
        ['ScalingReplicaSet', 4, 'Normal'],
        ['FailedScheduling', 1, 'Warning'],
      ],
    );
    assert.equal(cluster.asked.filter((each) => each === 'list events').length, 1);
    looking.end();
  });
});
