import { field, list, number, text, time } from '../watching/fields.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { visible } from '../text/shown.ts';
import { conditionOf, isSo } from './conditions.ts';
import { normalUntil } from './probes.ts';

/** What a pod that is not ready is at, as people say it of one and of several. */
export interface PodState {
  readonly one: string;
  readonly many: string;
  /** The lower, the more it is worth being told: trouble, waiting, what is on its way. */
  readonly weight: 0 | 1 | 2;
  /** Whether it may come right by itself, and is not for the author of the chart to mend. */
  readonly isUsual: boolean;
}

function state(weight: PodState['weight'], one: string, many: string, isUsual = weight === 2): PodState {
  return { weight, one, many, isUsual };
}

/** Longer ones are foreign: the kubelet's own have up to 30 characters. */
const reasonOf = (value: unknown): string => visible(text(value), 40);

/** Undefined for a pod that is ready. */
export function stateOf(pod: SeenObject, view: ReleaseView, now: Date): PodState | undefined {
  const phase = text(field(pod, 'status', 'phase'));
  if (phase === 'Failed') return failedState(pod);
  if (phase === 'Succeeded') return state(2, 'has ended', 'have ended');
  if (pod.metadata.deletionTimestamp !== undefined) return state(2, 'goes away', 'go away');
  if (isSo(pod, 'Ready') === true) return undefined;
  const silent = isOnSilentNode(pod, now) ? onSilentNode : undefined;
  return unplaced(pod, view) ?? silent ?? troubled(pod) ?? preparing(pod, view) ?? unready(pod, now);
}

function failedState(pod: SeenObject): PodState {
  const reason = reasonOf(field(pod, 'status', 'reason'));
  const why = reason === '' ? '' : `: ${reason}`;
  return state(0, `failed${why}`, `failed${why}`);
}

/** The autoscaler says by an event that a node is on its way (kubernetes/autoscaler, cluster-autoscaler/processors/status). */
function unplaced(pod: SeenObject, view: ReleaseView): PodState | undefined {
  if (text(field(pod, 'spec', 'nodeName')) !== '' || isSo(pod, 'PodScheduled') === true) return undefined;
  if (view.eventsOf(pod).some(({ reason }) => reason === 'TriggeredScaleUp')) {
    return state(1, 'waits for a node that is being added', 'wait for nodes that are being added', true);
  }
  if (text(field(conditionOf(pod, 'PodScheduled'), 'reason')) === 'SchedulingGated') {
    return state(1, 'is held back by a scheduling gate', 'are held back by scheduling gates');
  }
  return state(1, 'waits for a node', 'wait for a node');
}

const onSilentNode = state(0, 'is on a node that does not answer', 'are on nodes that do not answer', true);

/** A kubelet that works says within moments that it has seen a pod. In ms. */
const silence = 60_000;

/**
 * Whether the node of a pod does not answer: its kubelet has never said anything of the pod, or the node controller has taken
 * back that it is ready, which it does with this one condition (kubernetes, pkg/controller/util/node).
 */
export function isOnSilentNode(pod: SeenObject, now: Date): boolean {
  if (text(field(pod, 'spec', 'nodeName')) === '' || pod.metadata.deletionTimestamp !== undefined) return false;
  if (isSo(pod, 'Ready') === false && isSo(pod, 'ContainersReady') === true) return shutGate(pod) === undefined;
  const boundAt = time(field(conditionOf(pod, 'PodScheduled'), 'lastTransitionTime'));
  const isUntouched = field(pod, 'status', 'startTime') === undefined;
  return isUntouched && boundAt !== undefined && now.getTime() - boundAt.getTime() > silence;
}

const statusesOf = (pod: SeenObject): unknown[] =>
  ['initContainerStatuses', 'containerStatuses'].flatMap((name) => list(field(pod, 'status', name)));

function troubled(pod: SeenObject): PodState | undefined {
  const states = statusesOf(pod).map(troubleOf);
  return states.find((found) => found !== undefined);
}

/** Reasons: kubernetes, pkg/kubelet/images/types.go and pkg/kubelet/kuberuntime/kuberuntime_container.go. */
function troubleOf(status: unknown): PodState | undefined {
  const reason = reasonOf(field(status, 'state', 'waiting', 'reason'));
  if (/^(?:ErrImage|ImagePull|InvalidImage|ImageInspect|Registry|SignatureValidation)/.test(reason)) {
    return state(0, `cannot get its image: ${reason}`, `cannot get their image: ${reason}`);
  }
  if (reason.endsWith('Error')) return state(0, `cannot be started: ${reason}`, `cannot be started: ${reason}`);
  const ended =
    field(status, 'state', 'terminated') ?? (isUp(status) ? undefined : field(status, 'lastState', 'terminated'));
  if (ended === undefined || ended === null) return undefined;
  const code = number(field(ended, 'exitCode'));
  if (code === 0 && reason !== 'CrashLoopBackOff') return undefined;
  if (code === 0) return state(0, 'ends again and again with exit code 0', 'end again and again with exit code 0');
  const how = reasonOf(field(ended, 'reason'));
  if (how === 'OOMKilled') return state(0, 'runs out of memory', 'run out of memory');
  if (/.Error$|CannotRun$/.test(how)) return state(0, `cannot be started: ${how}`, `cannot be started: ${how}`);
  return state(0, `crashes with exit code ${code}`, `crash with exit code ${code}`);
}

/** One that runs again after a crash counts as crashing until it is ready. */
const isUp = (status: unknown): boolean => field(status, 'ready') === true;

const stuckBy: readonly (readonly [RegExp, PodState])[] = [
  [/^FailedMount$|^FailedAttachVolume$/, state(1, 'waits for a volume', 'wait for a volume')],
  [/^FailedCreatePodSandBox$/, state(1, 'waits for its network', 'wait for their network')],
];

function preparing(pod: SeenObject, view: ReleaseView): PodState | undefined {
  const running = list(field(pod, 'status', 'initContainerStatuses')).find(
    (status) => field(status, 'state', 'running') !== undefined && !isSidecar(pod, field(status, 'name')),
  );
  const init = reasonOf(field(running, 'name'));
  if (init !== '') return state(2, `runs init container ${init}`, `run init container ${init}`);
  const containers = list(field(pod, 'status', 'containerStatuses'));
  if (containers.length > 0 && containers.every((one) => field(one, 'state', 'running') !== undefined))
    return undefined;
  const last = view.eventsOf(pod).at(-1)?.reason ?? '';
  return stuckBy.find(([pattern]) => pattern.test(last))?.[1] ?? state(2, 'starts', 'start');
}

/** It goes on running beside the others (kubernetes, pkg/kubelet/types, IsRestartableInitContainer). */
function isSidecar(pod: SeenObject, name: unknown): boolean {
  const spec = list(field(pod, 'spec', 'initContainers')).find((container) => field(container, 'name') === name);
  return field(spec, 'restartPolicy') === 'Always';
}

function unready(pod: SeenObject, now: Date): PodState {
  const isLate = list(field(pod, 'status', 'containerStatuses')).some((status) => {
    const until = normalUntil(pod, text(field(status, 'name')));
    return !isUp(status) && (until === undefined || until < now);
  });
  if (isLate) return state(0, 'runs, but is not ready', 'run, but are not ready');
  if (isSo(pod, 'ContainersReady') !== true) return state(2, 'starts', 'start');
  const gate = shutGate(pod);
  if (gate === undefined) return onSilentNode;
  return state(1, `waits for its readiness gate ${visible(gate)}`, `wait for their readiness gate ${visible(gate)}`);
}

function shutGate(pod: SeenObject): string | undefined {
  const gates = list(field(pod, 'spec', 'readinessGates')).map((gate) => text(field(gate, 'conditionType')));
  return gates.find((gate) => isSo(pod, gate) !== true);
}
