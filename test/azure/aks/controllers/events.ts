import { createHash, randomUUID } from 'node:crypto';
import type { Fields, KubernetesObject, Objects } from '../objects.ts';
import { now } from './shapes.ts';

/** What a controller or the node tells of an object. */
export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who tells it, such as `kubelet`. */
  readonly by: string;
  /** The container that it is about. */
  readonly container?: string;
}

/**
 * Writes an event of an object, or counts the one that says the same. The scheduler writes by the newer API, whose events
 * have a micro time and a series in the place of first, last and count (kubernetes, pkg/apis/core/v1 conversion).
 */
export function tell(objects: Objects, about: KubernetesObject, told: Told): void {
  const { namespace = 'default' } = about.metadata;
  const holder = objects.find({ kind: 'Namespace' }, namespace);
  if (holder === undefined || holder.metadata.deletionTimestamp !== undefined) return;
  const name = nameOf(about, told);
  const before = objects.find({ kind: 'Event', namespace }, name);
  const isOfScheduler = told.by === 'default-scheduler';
  const times = isOfScheduler ? ofSeries(before, told.reason) : counted(before);
  const metadata = before?.metadata ?? { name, namespace, uid: randomUUID(), creationTimestamp: now() };
  const { type, reason, message, by, container } = told;
  objects.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject: referenceTo(about, container),
    type,
    reason,
    message,
    ...times,
    source: isOfScheduler ? {} : { component: by },
    reportingComponent: by,
    reportingInstance: isOfScheduler ? `${by}-contoso` : '',
  });
}

function nameOf({ metadata: { name, uid = '' } }: KubernetesObject, { reason, message, by }: Told): string {
  const hash = createHash('sha256').update([uid, reason, message, by].join('\n')).digest('hex');
  return `${name}.${hash.slice(0, 16)}`;
}

function referenceTo({ apiVersion = 'v1', kind, metadata }: KubernetesObject, container: string | undefined): Fields {
  const { namespace, name, uid, resourceVersion } = metadata;
  const fieldPath = container === undefined ? {} : { fieldPath: `spec.containers{${container}}` };
  return { kind, namespace, name, uid, apiVersion, resourceVersion, ...fieldPath };
}

function counted(before: KubernetesObject | undefined): Fields {
  const count = before === undefined ? 1 : Number(before['count']) + 1;
  return { firstTimestamp: before?.['firstTimestamp'] ?? now(), lastTimestamp: now(), count, eventTime: null };
}

function ofSeries(before: KubernetesObject | undefined, reason: string): Fields {
  const time = new Date().toISOString().replace('Z', '000Z');
  const { count = 1 } = (before?.['series'] ?? {}) as { count?: number };
  const series = before === undefined ? {} : { series: { count: count + 1, lastObservedTime: time } };
  const action = reason === 'Scheduled' ? 'Binding' : 'Scheduling';
  return { eventTime: before?.['eventTime'] ?? time, firstTimestamp: null, lastTimestamp: null, action, ...series };
}

/** A controller made a pod, or took it away (kubernetes, pkg/controller/controller_utils.go, statefulset/stateful_pod_control.go). */
export function done(owner: KubernetesObject, pod: string, verb: 'create' | 'delete'): Told {
  const ofSet = `${verb} Pod ${pod} in StatefulSet ${owner.metadata.name} successful`;
  const [reason, did] = verb === 'create' ? ['SuccessfulCreate', 'Created'] : ['SuccessfulDelete', 'Deleted'];
  const message = owner.kind === 'StatefulSet' ? ofSet : `${did} pod: ${pod}`;
  return { type: 'Normal', reason, message, by: controllerOf(owner) };
}

export function failedCreate(owner: KubernetesObject, pod: string, why: string): Told {
  const ofSet = `create Pod ${pod} in StatefulSet ${owner.metadata.name} failed error: ${why}`;
  const message = owner.kind === 'StatefulSet' ? ofSet : `Error creating: ${why}`;
  return { type: 'Warning', reason: 'FailedCreate', message, by: controllerOf(owner) };
}

const controllerOf = ({ kind }: KubernetesObject): string => `${kind.toLowerCase()}-controller`;
