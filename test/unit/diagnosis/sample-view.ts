import { diagnose } from '../../../tasks/common/diagnosis/diagnose.ts';
import type { Diagnosis } from '../../../tasks/common/diagnosis/finding.ts';
import type { LogTail, ReleaseView, SeenEvent, SeenObject } from '../../../tasks/common/watching/view.ts';

export const since = new Date('2026-11-27T10:00:00Z');
/** Seconds after the run began, as the API server writes times. */
export const at = (seconds: number): string => new Date(since.getTime() + seconds * 1000).toISOString();

export interface SampleEvent extends Partial<Omit<SeenEvent, 'reason' | 'message'>> {
  readonly reason: string;
  readonly message: string;
}

export interface SamplePod {
  readonly name?: string;
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
  readonly events?: readonly SampleEvent[];
  /** By the container's name. */
  readonly logs?: Readonly<Record<string, LogTail>>;
}

/** An object with what it made, what was said of it and what it printed. */
export interface Sample {
  readonly object: SeenObject;
  readonly children?: readonly Sample[];
  readonly events?: readonly SampleEvent[];
  readonly logs?: Readonly<Record<string, LogTail>>;
}

/** A view of a release that has these objects. */
export function viewOf(samples: readonly Sample[], more: Partial<ReleaseView> = {}): ReleaseView {
  const all: Sample[] = [];
  const add = (sample: Sample): void => {
    all.push(sample);
    sample.children?.forEach(add);
  };
  samples.forEach(add);
  const of = (object: SeenObject): Sample | undefined => all.find((sample) => sample.object === object);
  return {
    release: { name: 'shop', namespace: 'web' },
    revision: 2,
    since,
    objects: samples.map(({ object }) => object),
    missing: undefined,
    customKinds: [],
    childrenOf: (object) => (of(object)?.children ?? []).map((sample) => sample.object),
    eventsOf: (object) => (of(object)?.events ?? []).map(event),
    logOf: (object, container) => of(object)?.logs?.[container],
    nodes: undefined,
    blind: [],
    ...more,
  };
}

const event = (sample: SampleEvent): SeenEvent => ({
  type: 'Warning',
  count: 1,
  lastAt: new Date(since.getTime() + 20_000),
  ...sample,
});

/** What is said of samples two minutes after the run began. */
export function diagnosisOf(
  samples: readonly Sample[],
  said = '',
  more: Partial<ReleaseView> = {},
  seconds = 120,
): Diagnosis {
  return diagnose(viewOf(samples, more), said, new Date(since.getTime() + seconds * 1000));
}

export function objectOf(
  kind: string,
  name: string,
  fields: { metadata?: object; [field: string]: unknown } = {},
): SeenObject {
  const { metadata, ...rest } = fields;
  return {
    apiVersion: 'v1',
    kind,
    ...rest,
    metadata: { name, namespace: 'web', uid: `${kind}-${name}`, creationTimestamp: at(1), ...metadata },
  };
}

/** A pod of one container `web` that waits to be begun, unless the status says otherwise. */
export function pod({
  name = 'shop-6d4-abcde',
  spec,
  status,
  metadata,
  events = [],
  logs = {},
}: SamplePod = {}): Sample {
  const object = objectOf('Pod', name, {
    metadata: { ...metadata },
    spec: {
      nodeName: 'aks-user-1',
      containers: [{ name: 'web', image: 'contoso.azurecr.io/go-template-app:1.2.0' }],
      ...spec,
    },
    status: { phase: 'Pending', startTime: at(2), ...status },
  });
  return { object, events, logs };
}

/** The status of a pod whose container `web` is in this state. */
export function web(state: object, more: object = {}): { containerStatuses: object[] } {
  return { containerStatuses: [{ name: 'web', ready: false, restartCount: 0, state, ...more }] };
}

export const waiting = (reason: string, message = ''): object => ({ waiting: { reason, message } });
export const ended = (exitCode: number, reason = 'Error', message = ''): object => ({
  terminated: { exitCode, reason, message, finishedAt: at(30) },
});
export const running = (startedAt = at(5)): object => ({ running: { startedAt } });

const revised = (revision: string): object => ({ annotations: { 'deployment.kubernetes.io/revision': revision } });

/** A Deployment whose newest ReplicaSet made these pods, and which has others of an older one. */
export function deployment(
  pods: readonly Sample[],
  {
    name = 'shop',
    spec = {},
    status = {},
    setEvents = [],
    setStatus = {},
    old = [],
  }: {
    name?: string;
    spec?: object;
    status?: object;
    setEvents?: readonly SampleEvent[];
    setStatus?: object;
    old?: readonly Sample[];
  } = {},
): Sample {
  const object = objectOf('Deployment', name, {
    metadata: { generation: 2, ...revised('2') },
    spec: { replicas: Math.max(1, pods.length), ...spec },
    status: {
      observedGeneration: 2,
      replicas: pods.length,
      updatedReplicas: pods.length,
      unavailableReplicas: 1,
      ...status,
    },
  });
  const set = (setName: string, revision: string, has: number, more: object = {}): SeenObject =>
    objectOf('ReplicaSet', setName, {
      metadata: revised(revision),
      spec: { replicas: Math.max(1, has) },
      status: { replicas: has, ...more },
    });
  return {
    object,
    children: [
      { object: set(`${name}-new`, '2', pods.length, setStatus), children: pods, events: setEvents },
      { object: set(`${name}-old`, '1', old.length), children: old },
    ],
  };
}
