import type { LogTail, ReleaseView, SeenEvent, SeenObject } from '../../../tasks/common/watching/view.ts';

/** When the tests take place. */
export const now = new Date('2026-11-27T10:00:00Z');
/** Seconds before, as the API server writes times. */
export const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

export interface Seen {
  readonly objects?: readonly SeenObject[];
  /** All that have `ownerReferences`. */
  readonly children?: readonly SeenObject[];
  /** By names of objects. */
  readonly events?: Readonly<Record<string, readonly (Partial<SeenEvent> & { readonly reason: string })[]>>;
  readonly blind?: readonly string[];
  readonly customKinds?: readonly string[];
  /** What the chart wants, by names of workloads. */
  readonly chartReplicas?: Readonly<Record<string, number>>;
  /** By `pod/container`. */
  readonly logs?: Readonly<Record<string, LogTail>>;
}

/** A release `shop` of namespace `web`, at its revision 2. */
export function viewOf(seen: Seen): ReleaseView {
  const {
    objects = [],
    children = [],
    events = {},
    blind = [],
    logs = {},
    chartReplicas = {},
    customKinds = [],
  } = seen;
  return {
    release: { name: 'shop', namespace: 'web' },
    revision: 2,
    since: new Date(now.getTime() - 60_000),
    objects,
    missing: [],
    customKinds,
    chartReplicasOf: ({ metadata }) => chartReplicas[metadata.name ?? ''],
    childrenOf: ({ metadata }) => children.filter((child) => ownerOf(child) === metadata.uid),
    eventsOf: ({ metadata }) =>
      (events[metadata.name ?? ''] ?? []).map((event) => {
        return { type: 'Warning', message: '', count: 1, lastAt: now, ...event };
      }),
    logOf: (pod, container) => logs[`${pod.metadata.name ?? ''}/${container}`],
    nodes: undefined,
    blind,
  };
}

function ownerOf({ metadata }: SeenObject): unknown {
  const [owner] = (metadata['ownerReferences'] ?? []) as { uid?: string }[];
  return owner?.uid;
}

type Fields = Readonly<Record<string, unknown>>;

/** An object whose uid is its kind and name. */
export function object(
  kind: string,
  name: string,
  { metadata = {}, ...rest }: { readonly metadata?: Fields; readonly [field: string]: unknown } = {},
): SeenObject {
  const apiVersion = groups[kind] ?? 'v1';
  const meta = { name, namespace: 'web', uid: uidOf(kind, name), generation: 1, ...metadata };
  return { apiVersion, kind, ...rest, metadata: meta };
}

const uidOf = (kind: string, name: string): string => `${kind}/${name}`;

const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Ingress: 'networking.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Rollout: 'argoproj.io/v1alpha1',
  Canary: 'flagger.app/v1beta1',
  ExternalSecret: 'external-secrets.io/v1',
};

/** That an object was made by another one: metadata for `object`. */
export const ownedBy = (kind: string, name: string, metadata: Fields = {}): Fields => ({
  ...metadata,
  ownerReferences: [{ kind, name, uid: uidOf(kind, name), controller: true }],
});

/** Statuses of a pod with one container, `web`, by what it is at. */
export const podStatuses = {
  waitsForNode: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
  creating: containerStatus('Pending', { state: { waiting: { reason: 'ContainerCreating' } } }),
  noImage: containerStatus('Pending', { state: { waiting: { reason: 'ImagePullBackOff' } } }),
  noConfig: containerStatus('Pending', { state: { waiting: { reason: 'CreateContainerConfigError' } } }),
  runs: containerStatus('Running', { state: { running: { startedAt: ago(5) } } }),
  ready: containerStatus('Running', { ready: true, state: { running: { startedAt: ago(50) } } }),
  crashes: containerStatus('Running', {
    restartCount: 2,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error' } },
  }),
  runsAgain: containerStatus('Running', {
    restartCount: 2,
    state: { running: { startedAt: ago(1) } },
    lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
  }),
  failed: { ...containerStatus('Failed', { state: { terminated: { exitCode: 3 } } }) },
  evicted: { phase: 'Failed', reason: 'Evicted' },
  succeeded: containerStatus('Succeeded', { state: { terminated: { exitCode: 0 } } }),
} satisfies Readonly<Record<string, Fields>>;

function containerStatus(phase: string, status: Fields): Fields {
  const isReady = String(status['ready'] === true);
  const said = isReady === 'true' ? 'True' : 'False';
  return {
    phase,
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'ContainersReady', status: said },
      { type: 'Ready', status: said },
    ],
    containerStatuses: [{ name: 'web', ready: false, restartCount: 0, ...status }],
  };
}

/** A Deployment at its second revision, with the ReplicaSet of it and one pod of it for each status. */
export function deployment(
  name: string,
  status: Fields,
  pods: readonly Fields[] = [],
  { spec = {}, metadata = {} }: { readonly spec?: Fields; readonly metadata?: Fields } = {},
): { readonly root: SeenObject; readonly children: readonly SeenObject[] } {
  const annotations = { 'deployment.kubernetes.io/revision': '2' };
  const root = object('Deployment', name, {
    metadata: { annotations, ...metadata },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 0, ...status },
  });
  const set = `${name}-7d4f`;
  const isReady = ({ conditions }: Fields): boolean => JSON.stringify(conditions).includes('"Ready","status":"True"');
  const replicaSet = object('ReplicaSet', set, {
    metadata: ownedBy('Deployment', name, { annotations, creationTimestamp: ago(30) }),
    status: { availableReplicas: pods.filter(isReady).length, replicas: pods.length },
  });
  const made = pods.map((one, index) => {
    const containers = [{ name: 'web', readinessProbe: { periodSeconds: 5, failureThreshold: 3 } }];
    const rest = { metadata: ownedBy('ReplicaSet', set), spec: { nodeName: 'node-1', containers }, status: one };
    return object(
      'Pod',
      `${set}-${index}`,
      one === podStatuses.waitsForNode ? { ...rest, spec: { containers } } : rest,
    );
  });
  return { root, children: [replicaSet, ...made] };
}
