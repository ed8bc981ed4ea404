import { hookOf } from '../health/hooks.ts';
import { field, number, text, time } from '../watching/fields.ts';
import { isObserved, newPodsOf, newReplicaSetOf } from '../watching/new-pods.ts';
import { nameOf, type ReleaseView, type SeenEvent, type SeenObject } from '../watching/view.ts';
import { claimSignals, mountedClaims } from './claims.ts';
import { conditionOf, conditionSignal, podSignals } from './pod-signals.ts';
import { serviceSignals } from './service-signals.ts';
import { eventSignals, type Signal, type Troubled } from './signals.ts';

/** The objects of the release of which something is said that is not as it should be, each with all of it. */
export function troubledOf(view: ReleaseView): Troubled[] {
  const mounted = mountedClaims(view);
  const owned = new Set([...mounted.values()].flat());
  return view.objects
    .filter((object) => !owned.has(object) && !isOfEarlierRun(object, view))
    .map((root) => troubles(root, mounted.get(root) ?? [], view))
    .filter(({ signals }) => signals.length > 0);
}

/** A hook, or the end of a Job, that an earlier run left: helm removes the first before it runs the hook anew, and waits for neither. */
function isOfEarlierRun(object: SeenObject, { since }: ReleaseView): boolean {
  const ended = object.kind === 'Job' ? field(conditionOf(object, 'Failed'), 'lastTransitionTime') : undefined;
  const at = time(hookOf(object) === undefined ? ended : object.metadata.creationTimestamp);
  // Times of objects have whole seconds.
  return at !== undefined && at.getTime() + 1000 <= since.getTime();
}

function troubles(root: SeenObject, claims: readonly SeenObject[], view: ReleaseView): Troubled {
  const named = { owner: nameOf(root), root };
  if (isWell(root)) return { ...named, pods: [], signals: [] };
  // Nobody waits for what a CronJob starts when its time has come.
  const pods = root.kind === 'CronJob' ? [] : newPodsOf(root, view);
  const signals = [
    ...rootSignals(root, view),
    ...pods.flatMap((pod) => podSignals(pod, view)),
    ...claims.flatMap((claim) => claimSignals(claim, view)),
  ];
  return { ...named, pods, signals };
}

/** Whether an object has all that it wants, so that what its events tell is over. */
function isWell(root: SeenObject): boolean {
  const { kind, spec, status } = root;
  const replicas = field(spec, 'replicas');
  const hasAtLeast = (wanted: number, names: readonly string[]): boolean =>
    isObserved(root) && names.every((name) => number(field(status, name)) >= wanted);
  const wanted = replicas === undefined ? 1 : number(replicas);
  switch (kind) {
    case 'Deployment':
      return (
        hasAtLeast(wanted, ['updatedReplicas', 'availableReplicas']) && !number(field(status, 'unavailableReplicas'))
      );
    case 'StatefulSet':
      return hasAtLeast(wanted, ['updatedReplicas', 'readyReplicas']);
    case 'DaemonSet':
      return hasAtLeast(number(field(status, 'desiredNumberScheduled')), ['updatedNumberScheduled', 'numberAvailable']);
    case 'Job':
      return field(conditionOf(root, 'Complete'), 'status') === 'True';
    case 'Rollout':
      return field(status, 'phase') === 'Healthy';
    default:
      return false;
  }
}

const isWarning = ({ type }: SeenEvent): boolean => type === 'Warning';

/** What is said of an object of the release itself, and of the ReplicaSet that makes its pods. */
function rootSignals(root: SeenObject, view: ReleaseView): Signal[] {
  switch (root.kind) {
    case 'Pod':
    case 'CronJob':
      return [];
    case 'Deployment':
    case 'Rollout': {
      const set = newReplicaSetOf(root, view);
      const made = set === undefined ? [] : makerSignals(set, view);
      // What an earlier roll-out left there is said of the template before.
      const own = isObserved(root) ? conditions(root, 'False', ['Progressing']) : [];
      return [...own, ...made, ...eventSignals(root, view, isWarning)];
    }
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'DaemonSet':
      return makerSignals(root, view);
    case 'Job':
      return [...conditions(root, 'True', ['Failed', 'FailureTarget']), ...makerSignals(root, view)];
    case 'HorizontalPodAutoscaler':
      return conditions(root, 'False', ['ScalingActive', 'AbleToScale']);
    case 'PersistentVolumeClaim':
      return claimSignals(root, view);
    case 'Service':
      return serviceSignals(root, view);
    default:
      return eventSignals(root, view, isWarning);
  }
}

/** What makes pods says why it cannot, and is listened to as long as pods are missing. */
function makerSignals(maker: SeenObject, view: ReleaseView): Signal[] {
  const lacks = lacksPods(maker);
  const events = eventSignals(maker, view, (event) => isWarning(event) && (lacks || event.reason !== 'FailedCreate'));
  // An earlier run may have left the condition: its text stays when its cause is gone.
  const failure = conditions(maker, 'True', ['ReplicaFailure']);
  const isNew = ({ at }: Signal): boolean => at !== undefined && at.getTime() + 1000 > view.since.getTime();
  return [...events, ...failure.filter((signal) => lacks && isNew(signal))];
}

function lacksPods({ kind, spec, status }: SeenObject): boolean {
  if (kind === 'Job') return number(field(status, 'active')) === 0;
  const [has, wants] =
    kind === 'DaemonSet'
      ? [field(status, 'currentNumberScheduled'), field(status, 'desiredNumberScheduled')]
      : [field(status, 'replicas'), field(spec, 'replicas') ?? 1];
  return number(has) < number(wants);
}

function conditions(object: SeenObject, value: 'True' | 'False', types: readonly string[]): Signal[] {
  const found = types.map((type) => ({ type, condition: conditionOf(object, type) }));
  return found
    .filter(({ condition }) => text(field(condition, 'status')) === value)
    .map(({ type, condition }) => conditionSignal(object, type, condition));
}
