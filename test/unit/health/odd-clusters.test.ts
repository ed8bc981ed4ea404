import assert from 'node:assert/strict';
import { healthOf } from '../../../tasks/common/health/health-of.ts';
import { ago, now, object, ownedBy, podStatuses as pods, viewOf } from './played-view.ts';
import { check } from './told.ts';

const agent = (status: object, annotations = { 'deprecated.daemonset.template.generation': '3' }) =>
  object('DaemonSet', 'agent', {
    metadata: { annotations },
    spec: { updateStrategy: { type: 'RollingUpdate' } },
    status: { observedGeneration: 1, desiredNumberScheduled: 3, ...status },
  });
const agentPod = (index: number, generation: string, status: object) =>
  object('Pod', `agent-${index}`, {
    metadata: ownedBy('DaemonSet', 'agent', { labels: { 'pod-template-generation': generation } }),
    spec: { nodeName: `node-${index}` },
    status,
  });

describe('the health of a DaemonSet whose template was taken back', () => {
  // Those of the first template are as the third wants them, so they stay (kubernetes, pkg/controller/daemon/util).
  const children = [agentPod(1, '1', pods.ready), agentPod(2, '1', pods.ready), agentPod(3, '3', pods.ready)];
  check('ready 3/3', agent({ updatedNumberScheduled: 3, numberAvailable: 3 }), { children });
  const some = [agentPod(1, '1', pods.ready), agentPod(2, '1', pods.ready), agentPod(3, '3', pods.creating)];
  check('progressing 2/3: 1 pod starts', agent({ updatedNumberScheduled: 3, numberAvailable: 2 }), { children: some });
});

const bound = (seconds: number) => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(seconds) }],
});

const with3 = (status: object) => ({
  children: [agentPod(1, '3', pods.ready), agentPod(2, '3', pods.ready), agentPod(3, '3', status)],
});

describe('the health of a DaemonSet where a node is down', () => {
  const down = {
    ...pods.ready,
    conditions: [
      { type: 'ContainersReady', status: 'True' },
      { type: 'Ready', status: 'False' },
    ],
  };
  const counts = { updatedNumberScheduled: 3, numberAvailable: 2 };
  check('ready 2/2', agent(counts), with3(down));
  // Its kubelet has never seen the pod.
  check('ready 2/2', agent(counts), with3(bound(90)));
  check('progressing 2/3: 1 pod starts', agent(counts), with3(bound(5)));
  check('progressing 2/3: 1 pod crashes with exit code 1', agent(counts), with3(pods.crashes));
});

const db = (status: object) =>
  object('StatefulSet', 'db', {
    spec: { replicas: 1 },
    status: { observedGeneration: 1, updateRevision: 'new', ...status },
  });

describe('the health of a StatefulSet whose pods are seen late', () => {
  const labels = { 'controller-revision-hash': 'new' };
  const pod = object('Pod', 'db-0', { metadata: ownedBy('StatefulSet', 'db', { labels }), status: pods.creating });
  check('ready 1/1', db({ updatedReplicas: 1, availableReplicas: 1 }), { children: [pod] });
  check('progressing 0/1: 1 pod starts', db({ updatedReplicas: 1, availableReplicas: 0 }), { children: [pod] });
});

describe('an init container', () => {
  const state = { running: { startedAt: ago(5) } };
  const pod = (restartPolicy: string | undefined) =>
    object('Pod', 'single', {
      spec: { nodeName: 'node-1', initContainers: [{ name: 'first', restartPolicy }] },
      status: {
        ...pods.creating,
        // Kubelets call it started as soon as it runs (kubernetes, pkg/kubelet/prober/prober_manager.go).
        initContainerStatuses: [{ name: 'first', started: true, state }],
      },
    });
  check('progressing: it runs init container first', pod(undefined));
  // A sidecar runs for ever.
  check('progressing: it starts', pod('Always'));
});

const isUnderWay = (root: ReturnType<typeof object>, children: readonly ReturnType<typeof object>[] = []) =>
  healthOf(root, viewOf({ objects: [root], children }), now)?.isUnderWay;

const bare = (status: object) => object('ReplicaSet', 'old-way', { spec: { replicas: 2 }, status });

const podOf = (status: object) =>
  object('Pod', 'old-way-1', {
    metadata: ownedBy('ReplicaSet', 'old-way'),
    spec: { nodeName: 'node-1', containers: [] },
    status,
  });

describe('what takes longer', () => {
  it('is told from what is in trouble', () => {
    const one = { observedGeneration: 1, availableReplicas: 1 };
    assert.equal(isUnderWay(bare(one), [podOf(pods.creating)]), true);
    assert.equal(isUnderWay(bare(one), [podOf(pods.crashes)]), undefined);
    assert.equal(isUnderWay(bare({ ...one, conditions: [{ type: 'ReplicaFailure', status: 'True' }] })), undefined);
    const lb = object('Service', 'shop', { spec: { type: 'LoadBalancer' } });
    const refused = { shop: [{ reason: 'SyncLoadBalancerFailed' }] };
    assert.equal(isUnderWay(lb), true);
    assert.equal(healthOf(lb, viewOf({ objects: [lb], events: refused }), now)?.isUnderWay, undefined);
    // Somebody scales it at this moment.
    assert.equal(isUnderWay(bare({ observedGeneration: 0 })), true);
  });
});
