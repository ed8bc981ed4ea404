import { field, number, text } from '../watching/fields.ts';
import { newPodsOf, newReplicaSetOf } from '../watching/new-pods.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { conditionOf, isSo } from './conditions.ts';
import { failed, type Health, progressing, ready } from './health.ts';
import { isOnLostNode } from './pod-state.ts';
import { clausesOf, readyOf } from './pods.ts';

/** How far a workload is, by the counts of its controller. */
interface Counts {
  readonly wanted: number;
  /** Pods as they should be: of the newest template where that counts, and available. */
  readonly ready: number;
  /** Pods that should not be there any more. */
  readonly old: number;
  /** What makes the pods, by which it is seen that they are refused. */
  readonly maker: SeenObject | undefined;
}

const status = (object: SeenObject, name: string): number => number(field(object, 'status', name));
const replicasOf = (object: SeenObject): number => {
  const replicas = field(object, 'spec', 'replicas');
  return typeof replicas === 'number' ? replicas : 1;
};

/** Whether the controller of an object has looked at it as it is now. */
const isObserved = (object: SeenObject): boolean =>
  status(object, 'observedGeneration') >= number(object.metadata['generation']);

const unseen = (wanted: number): Health => ({ ...progressing('its controller has not seen it yet'), ready: 0, wanted });

/** Ready when all pods are of the newest template and available, and the others are gone; helm lets some be missing. */
export function deploymentHealth(deployment: SeenObject, view: ReleaseView, now: Date): Health {
  if (field(deployment, 'spec', 'paused') === true) return ready;
  const wanted = replicasOf(deployment);
  if (!isObserved(deployment)) return unseen(wanted);
  const old = Math.max(0, status(deployment, 'replicas') - status(deployment, 'updatedReplicas'));
  const maker = newReplicaSetOf(deployment, view);
  const available =
    maker === undefined || old === 0
      ? status(deployment, 'availableReplicas') - old
      : status(maker, 'availableReplicas');
  const isUp = Math.min(available, status(deployment, 'updatedReplicas'));
  const health = workloadHealth(deployment, { wanted, ready: isUp, old, maker }, view, now);
  const isOver = text(field(conditionOf(deployment, 'Progressing'), 'reason')) === 'ProgressDeadlineExceeded';
  if (health.state === 'ready' || !isOver || isSo(deployment, 'Progressing') !== false) return health;
  return { ...health, ...failed(`${health.why}; its progressDeadlineSeconds are over`) };
}

/** With OnDelete the pods are the author's to replace, and below `partition` they are meant to stay. */
export function statefulSetHealth(set: SeenObject, view: ReleaseView, now: Date): Health {
  const wanted = replicasOf(set);
  if (!isObserved(set)) return unseen(wanted);
  const available = number(field(set, 'status', 'availableReplicas') ?? field(set, 'status', 'readyReplicas'));
  if (isOnDelete(set)) return workloadHealth(set, { wanted, ready: available, old: 0, maker: set }, view, now);
  const kept = number(field(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition'));
  const updated = Math.min(status(set, 'updatedReplicas'), newUp(set, view) ?? Infinity);
  const isUp = Math.min(available, updated + Math.min(kept, Math.max(0, available - updated)));
  return workloadHealth(set, { wanted, ready: isUp, old: 0, maker: set }, view, now);
}

/** What a node that is down keeps from running is no matter of the roll-out. */
export function daemonSetHealth(set: SeenObject, view: ReleaseView, now: Date): Health {
  const lost = newPodsOf(set, view).filter(isOnLostNode).length;
  const wanted = Math.max(0, status(set, 'desiredNumberScheduled') - lost);
  if (!isObserved(set)) return unseen(wanted);
  const available = status(set, 'numberAvailable');
  const updated = isOnDelete(set)
    ? available
    : Math.min(status(set, 'updatedNumberScheduled'), newUp(set, view) ?? Infinity);
  return workloadHealth(set, { wanted, ready: Math.min(available, updated), old: 0, maker: set }, view, now);
}

/** One of the release itself, or a ReplicationController. */
export function replicaSetHealth(set: SeenObject, view: ReleaseView, now: Date): Health {
  const wanted = replicasOf(set);
  if (!isObserved(set)) return unseen(wanted);
  return workloadHealth(set, { wanted, ready: status(set, 'availableReplicas'), old: 0, maker: set }, view, now);
}

const isOnDelete = (set: SeenObject): boolean => field(set, 'spec', 'updateStrategy', 'type') === 'OnDelete';

/** Those of the newest template among the pods seen; undefined where none is seen, as without the right to list pods. */
function newUp(set: SeenObject, view: ReleaseView): number | undefined {
  return view.childrenOf(set).length === 0 ? undefined : readyOf(newPodsOf(set, view)).length;
}

function workloadHealth(object: SeenObject, counts: Counts, view: ReleaseView, now: Date): Health {
  const { wanted, old } = counts;
  const isUp = Math.min(wanted, Math.max(0, counts.ready));
  if (isUp >= wanted && old === 0) return { ...ready, ready: isUp, wanted };
  return { ...progressing(whyNot(object, { ...counts, ready: isUp }, view, now)), ready: isUp, wanted };
}

function whyNot(object: SeenObject, { wanted, ready: isUp, old, maker }: Counts, view: ReleaseView, now: Date): string {
  if (isUp >= wanted) return old === 1 ? '1 old pod is still there' : `${old} old pods are still there`;
  const pods = newPodsOf(object, view);
  const missing = wanted - pods.length;
  const isRefused = missing > 0 && maker !== undefined && refuses(maker, view);
  const said = [isRefused ? 'pods are refused: FailedCreate' : '', clausesOf(pods, view, now)].filter(Boolean);
  if (said.length > 0) return said.join(', ');
  if (pods.length === 0) return unseenPods(object, wanted - isUp);
  if (missing > 0) return missing === 1 ? '1 pod is not made yet' : `${missing} pods are not made yet`;
  const isWaiting = number(field(object, 'spec', 'minReadySeconds')) > 0;
  return isWaiting ? 'its pods must stay ready for minReadySeconds' : 'its controller has not counted its pods yet';
}

/** Where pods may not be listed, the counts of the controller are all there is. */
function unseenPods(object: SeenObject, missing: number): string {
  const made = status(object, 'updatedReplicas') + status(object, 'updatedNumberScheduled');
  if (made === 0) return 'its pods are not made yet';
  return missing === 1 ? '1 pod is not ready' : `${missing} pods are not ready`;
}

/** A ReplicaSet says it in a condition, the other controllers by events alone. */
function refuses(maker: SeenObject, view: ReleaseView): boolean {
  return isSo(maker, 'ReplicaFailure') === true || view.eventsOf(maker).at(-1)?.reason === 'FailedCreate';
}
