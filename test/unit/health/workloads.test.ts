import assert from 'node:assert/strict';
import { healthOf } from '../../../tasks/common/health/health-of.ts';
import type { SeenObject } from '../../../tasks/common/watching/view.ts';
import { ago, deployment, now, object, ownedBy, podStatuses as pods, type Seen, viewOf } from './played-view.ts';
import { check, told } from './told.ts';

function seen({ root, children }: ReturnType<typeof deployment>): [SeenObject, Seen] {
  return [root, { children }];
}

describe('the health of a Deployment', () => {
  const up = { availableReplicas: 3 };
  check('ready 3/3', ...seen(deployment('shop', up, [pods.ready, pods.ready, pods.ready])));
  check('ready 0/0', ...seen(deployment('shop', { replicas: 0, updatedReplicas: 0 }, [], { spec: { replicas: 0 } })));
  check('ready', ...seen(deployment('shop', {}, [], { spec: { paused: true } })));
  check(
    'progressing 1/3: 2 pods wait for a node',
    ...seen(deployment('shop', { availableReplicas: 1 }, [pods.ready, pods.waitsForNode, pods.waitsForNode])),
  );
  check(
    'progressing 0/3: its controller has not seen it yet',
    ...seen(deployment('shop', up, [pods.ready, pods.ready, pods.ready], { metadata: { generation: 2 } })),
  );
  // Pods of the revision before count for helm's maxUnavailable, not here.
  check(
    'progressing 1/3: 1 pod starts',
    ...seen(deployment('shop', { replicas: 4, updatedReplicas: 2, availableReplicas: 3 }, [pods.ready, pods.creating])),
  );
  check(
    'progressing 3/3: 1 old pod is still there',
    ...seen(deployment('shop', { replicas: 4, availableReplicas: 4 }, [pods.ready, pods.ready, pods.ready])),
  );
  check(
    'progressing 2/3: its pods must stay ready for minReadySeconds',
    ...seen(
      deployment('shop', { availableReplicas: 2 }, [pods.ready, pods.ready, pods.ready], {
        spec: { minReadySeconds: 30 },
      }),
    ),
  );
  check(
    'failed 0/3: 3 pods cannot get their image: ImagePullBackOff; its progressDeadlineSeconds are over',
    ...seen(
      deployment(
        'shop',
        { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
        [pods.noImage, pods.noImage, pods.noImage],
      ),
    ),
  );
  // Trouble comes before what is on its way, and no more than two things are said.
  check(
    'progressing 0/4: 2 pods crash with exit code 1, 1 pod cannot be started: CreateContainerConfigError',
    ...seen(
      deployment('shop', {}, [pods.creating, pods.crashes, pods.noConfig, pods.crashes], { spec: { replicas: 4 } }),
    ),
  );
  check(
    'progressing 0/1: 1 pod runs out of memory',
    ...seen(deployment('shop', { replicas: 1, updatedReplicas: 1 }, [pods.runsAgain], { spec: { replicas: 1 } })),
  );
});

const one = (status: Readonly<Record<string, unknown>>, events: Seen['events'] = {}): string => {
  const { root, children } = deployment('shop', { replicas: 1, updatedReplicas: 1 }, [status], {
    spec: { replicas: 1 },
  });
  return told(healthOf(root, viewOf({ objects: [root], children, events }), now));
};
const since = (seconds: number) => ({
  ...pods.runs,
  containerStatuses: [{ name: 'web', ready: false, state: { running: { startedAt: ago(seconds) } } }],
});

describe('what is normal on the way of a Deployment', () => {
  it('is a readiness probe that fails for as long as its own numbers allow', () => {
    const events = { 'shop-7d4f-0': [{ reason: 'Unhealthy' }] };
    assert.equal(one(since(14), events), 'progressing 0/1: 1 pod starts');
    assert.equal(one(since(16), events), 'progressing 0/1: 1 pod runs, but is not ready');
  });

  it('is a scale-up under way', () => {
    const events = { 'shop-7d4f-0': [{ reason: 'FailedScheduling' }, { reason: 'TriggeredScaleUp' }] };
    assert.equal(one(pods.waitsForNode, events), 'progressing 0/1: 1 pod waits for a node that is being added');
  });

  it('is a surge pod', () => {
    const { root, children } = deployment('shop', { replicas: 4, availableReplicas: 3, updatedReplicas: 1 }, [
      pods.creating,
    ]);
    const health = healthOf(root, viewOf({ objects: [root], children }), now);
    assert.equal(health?.state, 'progressing');
    assert.deepEqual([health?.ready, health?.wanted], [0, 3]);
  });

  it('is an old refusal of pods that are there now', () => {
    const { root, children } = deployment('shop', {}, [pods.creating, pods.creating, pods.creating]);
    const [set, ...made] = children;
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }];
    const refused = { ...(set ?? root), status: { conditions } };
    const health = healthOf(root, viewOf({ objects: [root], children: [refused, ...made] }), now);
    assert.equal(told(health), 'progressing 0/3: 3 pods start');
    const fewer = healthOf(root, viewOf({ objects: [root], children: [refused, ...made.slice(0, 1)] }), now);
    assert.equal(told(fewer), 'progressing 0/3: pods are refused: FailedCreate, 1 pod starts');
  });

  it('is an init container at work, but not a sidecar', () => {
    const { root, children } = deployment('shop', { replicas: 1 }, [pods.creating], { spec: { replicas: 1 } });
    const running = { running: { startedAt: ago(5) } };
    const initContainerStatuses = ['mesh', 'migrate'].map((name) => ({ name, started: true, state: running }));
    const initContainers = [{ name: 'mesh', restartPolicy: 'Always' }, { name: 'migrate' }];
    const given = (some: number) =>
      children.map((child) => {
        if (child.kind !== 'Pod') return child;
        const status = { ...pods.creating, initContainerStatuses: initContainerStatuses.slice(0, some) };
        return { ...child, spec: { nodeName: 'node-1', initContainers }, status };
      });
    const why = (some: number) => healthOf(root, viewOf({ objects: [root], children: given(some) }), now)?.why;
    assert.equal(why(1), '1 pod starts');
    assert.equal(why(2), '1 pod runs init container migrate');
  });

  it('tells volumes and network from a mere start', () => {
    assert.equal(
      one(pods.creating, { 'shop-7d4f-0': [{ reason: 'FailedMount' }] }),
      'progressing 0/1: 1 pod waits for a volume',
    );
    assert.equal(
      one(pods.creating, { 'shop-7d4f-0': [{ reason: 'FailedCreatePodSandBox' }] }),
      'progressing 0/1: 1 pod waits for its network',
    );
  });

  it('tells a node that is lost, and a readiness gate, from a pod that is not ready', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'True' },
      { type: 'ContainersReady', status: 'True' },
      { type: 'Ready', status: 'False' },
    ];
    const lost = { ...pods.ready, conditions };
    assert.equal(one(lost), 'progressing 0/1: 1 pod is on a node that does not answer');
    const { root, children } = deployment('shop', { replicas: 1 }, [lost], { spec: { replicas: 1 } });
    const gated = children.map((child) =>
      child.kind === 'Pod'
        ? { ...child, spec: { nodeName: 'node-1', readinessGates: [{ conditionType: 'lb' }] } }
        : child,
    );
    const health = healthOf(root, viewOf({ objects: [root], children: gated }), now);
    assert.equal(health?.why, '1 pod waits for its readiness gate lb');
  });
});

const pod = (index: number, revision: string, status: object) => {
  const labels = { 'controller-revision-hash': revision };
  return object('Pod', `db-${index}`, {
    metadata: ownedBy('StatefulSet', 'db', { labels }),
    spec: { nodeName: 'node-1' },
    status,
  });
};

const set = (spec: object, status: object) => {
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
  return object('StatefulSet', 'db', {
    spec: { replicas: 3, updateStrategy, ...spec },
    status: { observedGeneration: 1, updateRevision: 'new', ...status },
  });
};

describe('the health of a StatefulSet', () => {
  check('ready 3/3', set({}, { updatedReplicas: 3, availableReplicas: 3 }));
  check('progressing 1/3: 2 pods are not ready', set({}, { updatedReplicas: 1, availableReplicas: 3 }));
  const children = [pod(0, 'old', pods.ready), pod(1, 'old', pods.ready), pod(2, 'new', pods.creating)];
  check('progressing 0/3: 1 pod starts', set({}, { updatedReplicas: 1, availableReplicas: 2 }), { children });
  const onDelete = { updateStrategy: { type: 'OnDelete' } };
  check('ready 3/3', set(onDelete, { updatedReplicas: 0, availableReplicas: 3 }));
  check('progressing 2/3: its pods are not made yet', set(onDelete, { availableReplicas: 2 }));
  const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } };
  check('ready 3/3', set(partition, { updatedReplicas: 1, availableReplicas: 3 }));
  check('progressing 2/3: its pods are not made yet', set(partition, { updatedReplicas: 0, availableReplicas: 3 }));
});

const daemons = (type: string, status: object) => {
  const counts = { observedGeneration: 1, desiredNumberScheduled: 2, ...status };
  return object('DaemonSet', 'agent', { spec: { updateStrategy: { type } }, status: counts });
};
const bareSet = (availableReplicas: number) =>
  object('ReplicaSet', 'old-way', { spec: { replicas: 2 }, status: { observedGeneration: 1, availableReplicas } });
const bare = (status: object) => object('Pod', 'single', { spec: { nodeName: 'node-1' }, status });
const daemon = (name: string, status: object) => {
  const labels = { 'pod-template-generation': '1' };
  const metadata = ownedBy('DaemonSet', 'agent', { labels });
  return object('Pod', name, { metadata, spec: { nodeName: name }, status });
};

describe('the health of other workloads', () => {
  check('ready 2/2', daemons('RollingUpdate', { updatedNumberScheduled: 2, numberAvailable: 2 }));
  // Helm lets one be missing.
  check(
    'progressing 1/2: 1 pod is not ready',
    daemons('RollingUpdate', { updatedNumberScheduled: 2, numberAvailable: 1 }),
  );
  check(
    'progressing 1/2: 1 pod is not ready',
    daemons('RollingUpdate', { updatedNumberScheduled: 1, numberAvailable: 2 }),
  );
  check('ready 2/2', daemons('OnDelete', { numberAvailable: 2 }));
  const template = { annotations: { 'deprecated.daemonset.template.generation': '1' } };
  const oneUp = daemons('RollingUpdate', { updatedNumberScheduled: 2, numberAvailable: 1 });
  const marked = { ...oneUp, metadata: { ...oneUp.metadata, ...template } };
  const lost = {
    ...pods.ready,
    conditions: [
      { type: 'ContainersReady', status: 'True' },
      { type: 'Ready', status: 'False' },
    ],
  };
  check('ready 1/1', marked, { children: [daemon('up', pods.ready), daemon('down', lost)] });
  check('progressing 1/2: 1 pod starts', marked, {
    children: [daemon('up', pods.ready), daemon('new', pods.creating)],
  });
  const events = { agent: [{ reason: 'FailedCreate' }] };
  check('progressing 1/2: pods are refused: FailedCreate', daemons('OnDelete', { numberAvailable: 1 }), { events });
  check('ready 2/2', bareSet(2));
  check('progressing 1/2: its pods are not made yet', bareSet(1));
  check('ready', bare(pods.ready));
  check('ready', bare(pods.succeeded));
  check('failed: failed with exit code 3', bare(pods.failed));
  check('failed: failed: Evicted', bare(pods.evicted));
  check('progressing: it starts', bare(pods.creating));
});
