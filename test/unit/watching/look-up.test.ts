import assert from 'node:assert/strict';
import type { ReleaseView } from '../../../tasks/common/watching/view.ts';
import { FakeCluster, refused } from './fake-cluster.ts';
import { Looking } from './looking.ts';
import { before as earlier, object, ours, paths, record, rendered } from './objects.ts';

const [widgets, rollouts, canaries] = [
  '/apis/fabrikam.example/v1/namespaces/web/widgets',
  '/apis/argoproj.io/v1alpha1/namespaces/web/rollouts',
  '/apis/flagger.app/v1beta1/namespaces/web/canaries',
];
const waiting = ours('check', { status: { phase: 'Pending' } });
const scalers = '/apis/autoscaling/v2/namespaces/web/horizontalpodautoscalers';

describe('what is looked up for a diagnosis', () => {
  let cluster: FakeCluster;
  let looking: Looking;
  beforeEach(() => {
    cluster = new FakeCluster();
    looking = new Looking(cluster);
  });
  afterEach(() => looking.end());

  async function known(manifest: string): Promise<ReleaseView> {
    await looking.begin();
    looking.watch.expect(1);
    cluster.put(paths.secrets, record(1, manifest));
    return looking.until((view) => view.missing !== undefined);
  }

  it('is nodes without their images, scalers and custom resources of the release; once', async () => {
    cluster.put('/api/v1/nodes', object('node-1', { status: { images: [1], conditions: [2] }, spec: { taints: [3] } }));
    cluster.put(paths.pods, waiting);
    cluster.put(scalers, ours('shop'));
    cluster.put(widgets, ours('front'));
    cluster.put(widgets, object('of-others'));
    const resources = [
      { name: 'widgets/status', kind: 'Widget', namespaced: true },
      { name: 'widgets', kind: 'Widget', namespaced: true },
      { name: 'clusterwidgets', kind: 'ClusterWidget', namespaced: false },
    ];
    const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'fabrikam.example/v1', resources };
    cluster.prints('/apis/fabrikam.example/v1', JSON.stringify(list));
    await known(
      rendered('Pod', 'check') +
        rendered('HorizontalPodAutoscaler', 'shop', '', 'autoscaling/v1') +
        rendered('Widget', 'front', '', 'fabrikam.example/v1') +
        rendered('Widget', 'cart', '', 'fabrikam.example/v1') +
        rendered('ClusterWidget', 'shop', '', 'fabrikam.example/v1') +
        rendered('Ingress', 'shop', '', 'networking.k8s.io/v1'),
    );
    assert.equal(looking.watch.view().nodes, undefined);
    await Promise.all([looking.watch.lookUp(), looking.watch.lookUp()]);
    const { nodes, objects, missing, blind } = looking.watch.view();
    assert.deepEqual(
      nodes?.map(({ kind, spec, status }) => [kind, spec, status]),
      [['Node', { taints: [3] }, { images: undefined, conditions: [2] }]],
    );
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ['HorizontalPodAutoscaler shop', 'Pod check', 'Widget front'],
    );
    assert.deepEqual(missing, [{ kind: 'Widget', namespace: 'web', name: 'cart' }]);
    assert.deepEqual(blind, []);
    assert.equal(cluster.asked.filter((each) => each === 'list nodes').length, 1);
    assert.ok(!cluster.asked.includes('watch widgets'));
  });

  it('does without what may not be seen, or is not there, and says the former', async () => {
    cluster.refuse('list nodes', refused(403));
    cluster.put(paths.pods, waiting);
    cluster.refuse('list horizontalpodautoscalers', refused(404));
    await known(
      rendered('Pod', 'check') +
        rendered('HorizontalPodAutoscaler', 'shop', '', 'autoscaling/v2') +
        rendered('Widget', 'shop', '', 'fabrikam.example/v1'),
    );
    await looking.watch.lookUp();
    const { nodes, blind, missing } = looking.watch.view();
    assert.equal(nodes, undefined);
    assert.deepEqual(blind, ['Not seen: nodes. The identity lacks the rights get, list and watch on them (HTTP 403).']);
    assert.deepEqual(missing, []);
  });

  it('is nowhere else, whatever a chart and discovery call their kinds', async () => {
    const elsewhere = '../api/v1/namespaces/kube-system/services/web/proxy/stop?x=/argoproj.io/v1';
    const kinds = [['Rollout', elsewhere] as const, ['Service', '..'] as const, ['Gadget', 'x.example/..'] as const];
    const plurals = ['..', String.raw`..\..\secrets`, '?x=', 'secrets%2f..', '#'];
    const resources = plurals.map((name) => ({ name, kind: 'Widget', namespaced: true }));
    cluster.prints('/apis/fabrikam.example/v1', JSON.stringify({ kind: 'List', apiVersion: 'v1', resources }));
    await known(
      rendered('Widget', 'front', '', 'fabrikam.example/v1') +
        kinds.map(([kind, version]) => rendered(kind, 'shop', '', JSON.stringify(version))).join(''),
    );
    const usual = [...cluster.asked];
    await looking.watch.lookUp();
    assert.deepEqual(
      usual.filter((each) => /rollouts|services/.test(each)),
      [],
    );
    assert.deepEqual(
      cluster.asked.slice(usual.length).filter((each) => !each.endsWith('endpointslices')),
      ['get /apis/fabrikam.example/v1'],
    );
  });

  it('is no node where every pod has begun', async () => {
    cluster.put(paths.pods, ours('check', { status: { phase: 'Running' } }));
    await known(rendered('Pod', 'check'));
    await looking.watch.lookUp();
    assert.ok(!cluster.asked.includes('list nodes'));
  });
});

/** How many levels of objects there are. */
const depth = (view: ReleaseView): number => {
  let [level, count] = [view.objects, 0];
  for (; level.length > 0; count += 1) level = level.flatMap((each) => view.childrenOf(each));
  return count;
};

describe('what was there before the run and counts only now', () => {
  let cluster: FakeCluster;
  let looking: Looking;
  beforeEach(() => {
    cluster = new FakeCluster();
    looking = new Looking(cluster);
    cluster.put(paths.replicasets, object('shop-1', { owner: 'shop', at: earlier }));
    cluster.put(paths.pods, object('shop-1-a', { owner: 'shop-1', at: earlier }));
  });
  afterEach(() => looking.end());

  it('brings what it made: a Deployment that helm takes over', async () => {
    cluster.put(paths.deployments, object('shop', { at: earlier }));
    await looking.begin();
    assert.deepEqual(looking.watch.view().objects, []);
    cluster.put(paths.deployments, ours('shop', { at: earlier }));
    await looking.until((view) => depth(view) === 3);
  });

  it('also where what it could have made may not be seen', async () => {
    cluster.refuse('list replicasets', refused(403));
    cluster.put(paths.statefulsets, object('db', { at: earlier }));
    cluster.put(paths.pods, object('db-0', { owner: 'db', at: earlier }));
    await looking.begin();
    cluster.put(paths.statefulsets, ours('db', { at: earlier }));
    await looking.until((view) => depth(view) === 2);
  });

  it('so do a Rollout of Argo, and a Canary of Flagger with its own Deployment', async () => {
    cluster.put(canaries, ours('canary', { at: earlier }));
    cluster.put(paths.deployments, object('primary', { owner: 'canary', at: earlier }));
    cluster.put(rollouts, ours('shop', { at: earlier }));
    await looking.begin();
    looking.watch.expect(2);
    const manifest =
      rendered('Rollout', 'shop', '', 'argoproj.io/v1alpha1') + rendered('Canary', 'canary', '', 'flagger.app/v1beta1');
    cluster.put(paths.secrets, record(2, manifest));
    const view = await looking.until((now) => now.objects.length === 2 && depth(now) === 3);
    const canary = view.objects.find(({ kind }) => kind === 'Canary');
    assert.deepEqual(canary && view.childrenOf(canary).map(({ metadata }) => metadata.name), ['primary']);
  });
});
