import { field, number, text } from '../watching/fields.ts';
import { isObserved, newPodsOf, newReplicaSetOf } from '../watching/new-pods.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { conditionOf, isSo } from './conditions.ts';
import { failed, type Health, progressing, ready, underWay } from './health.ts';
import { isOnSilentNode } from './pod-state.ts';
import { clausesOf, readyOf, statesOf } from './pods.ts';

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

const unseen = (wanted: number): Health => ({ ...underWay('its controller has not seen it yet'), ready: 0, wanted });

/** Whether an object has what its chart asks for: an autoscaler, or somebody else, may want more. */
function hasWhatChartWants(object: SeenObject, isUp: number, view: ReleaseView): boolean {
  const replicas = view.chartReplicasOf?.(object);
  return replicas !== undefined && isUp >= replicas && isUp > 0;
}

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
  const updated = newUp(set, status(set, 'updatedReplicas'), wanted - kept, available >= wanted, view);
  const isUp = Math.min(available, updated + Math.min(kept, Math.max(0, available - updated)));
  return workloadHealth(set, { wanted, ready: isUp, old: 0, maker: set }, view, now);
}

/** What a node that is down keeps from running is no matter of the roll-out. */
export function daemonSetHealth(set: SeenObject, view: ReleaseView, now: Date): Health {
  const lost = newPodsOf(set, view).filter((pod) => isOnSilentNode(pod, now)).length;
  const wanted = Math.max(0, status(set, 'desiredNumberScheduled') - lost);
  if (!isObserved(set)) return unseen(wanted);
  const available = status(set, 'numberAvailable');
  const updated = isOnDelete(set)
    ? available
    : newUp(set, status(set, 'updatedNumberScheduled'), wanted, available >= wanted, view);
  return workloadHealth(set, { wanted, ready: Math.min(available, updated), old: 0, maker: set }, view, now);
}

/** One of the release itself, or a ReplicationController. */
export function replicaSetHealth(set: SeenObject, view: ReleaseView, now: Date): Health {
  const wanted = replicasOf(set);
  if (!isObserved(set)) return unseen(wanted);
  return workloadHealth(set, { wanted, ready: status(set, 'availableReplicas'), old: 0, maker: set }, view, now);
}

const isOnDelete = (set: SeenObject): boolean => field(set, 'spec', 'updateStrategy', 'type') === 'OnDelete';

/**
 * How many pods of the newest template are up. Where all are updated and all are available the counts of the controller say
 * so. Else they mix old ones with new ones, and the pods are looked at, where all of the updated ones are found: those that a
 * template makes its own again, which was there before, do not show it (kubernetes, pkg/controller/daemon/update.go).
 */
function newUp(set: SeenObject, updated: number, wanted: number, areUp: boolean, view: ReleaseView): number {
  const found = newPodsOf(set, view);
  return (areUp && updated >= wanted) || found.length < updated || found.length === 0
    ? updated
    : Math.min(updated, readyOf(found).length);
}

function workloadHealth(object: SeenObject, counts: Counts, view: ReleaseView, now: Date): Health {
  const { wanted, old } = counts;
  const isUp = Math.min(wanted, Math.max(0, counts.ready));
  if (isUp >= wanted && old === 0) return { ...ready, ready: isUp, wanted };
  const here = { ...counts, ready: isUp };
  const why = whyNot(object, here, view, now);
  return { ...(isUnderWay(object, here, view, now) ? underWay(why) : progressing(why)), ready: isUp, wanted };
}

/** Whether all that is missing is on its way, or is not seen, or was not asked for by the chart. */
function isUnderWay(
  object: SeenObject,
  { wanted, ready: isUp, old, maker }: Counts,
  view: ReleaseView,
  now: Date,
): boolean {
  if (isUp >= wanted || (old === 0 && hasWhatChartWants(object, isUp, view))) return true;
  const pods = newPodsOf(object, view);
  if (pods.length < wanted && maker !== undefined && refuses(maker, view)) return false;
  return pods.length === 0 ? isMade(object) : statesOf(pods, view, now).every(({ isUsual }) => isUsual);
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

const isMade = (object: SeenObject): boolean =>
  status(object, 'updatedReplicas') + status(object, 'updatedNumberScheduled') > 0;

/** Where pods may not be listed, the counts of the controller are all there is. */
function unseenPods(object: SeenObject, missing: number): string {
  if (!isMade(object)) return 'its pods are not made yet';
  return missing === 1 ? '1 pod is not ready' : `${missing} pods are not ready`;
}

/** A ReplicaSet says it in a condition, the other controllers by events alone. */
function refuses(maker: SeenObject, view: ReleaseView): boolean {
  return isSo(maker, 'ReplicaFailure') === true || view.eventsOf(maker).at(-1)?.reason === 'FailedCreate';
}
