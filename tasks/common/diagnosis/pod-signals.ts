import { masked } from '../text/shown.ts';
import { field, list, number, text, time } from '../watching/fields.ts';
import type { ReleaseView, SeenEvent, SeenObject } from '../watching/view.ts';
import { type Container, eventSignals, type Signal, signalOf } from './signals.ts';

/** Every container waits for these first (kubernetes, pkg/kubelet/kubelet_pods.go). */
const early = ['ContainerCreating', 'PodInitializing', ''];

/** Of what is normal this tells something. */
const telling = ['Killing', 'Pulling', 'TriggeredScaleUp', 'Nominated'];

/** So much of a log's end is looked at. */
const mostLines = 60;
const longestLog = 4000;

/** More than any pod of use has; each is compared with the others. */
const mostContainers = 300;

/** The containers of a pod that have a status, init containers first. */
export function containersOf(pod: SeenObject): Container[] {
  return [
    ...containersIn(pod, 'initContainers', 'initContainerStatuses'),
    ...containersIn(pod, 'containers', 'containerStatuses'),
  ];
}

function containersIn(pod: SeenObject, specs: string, statuses: string): Container[] {
  const bySpecName = new Map(list(field(pod['spec'], specs)).map((spec) => [text(field(spec, 'name')), spec]));
  const known = list(field(pod['status'], statuses)).slice(0, mostContainers);
  return known.map((status) => {
    const name = text(field(status, 'name'));
    const spec = bySpecName.get(name);
    return { name, spec, status, isInit: specs === 'initContainers' && field(spec, 'restartPolicy') !== 'Always' };
  });
}

/** The condition of an object, such as a pod's `Ready`. */
export function conditionOf(object: SeenObject, type: string): unknown {
  return list(field(object['status'], 'conditions')).find((condition) => field(condition, 'type') === type);
}

const isTrue = (object: SeenObject, type: string): boolean => field(conditionOf(object, type), 'status') === 'True';

/** Whether a pod does what it is there for, or did. */
export function isPodWell(pod: SeenObject): boolean {
  if (field(pod['status'], 'phase') === 'Succeeded') return true;
  // One that crashes now and then is ready in between.
  return isTrue(pod, 'Ready') && containersOf(pod).every(({ status }) => restartsOf(status) < 3);
}

export const restartsOf = (status: unknown): number => number(field(status, 'restartCount'));

/** What a pod says of why it is not ready: its conditions, containers, events and the ends of its logs. */
export function podSignals(pod: SeenObject, view: ReleaseView): Signal[] {
  if (isPodWell(pod) || pod.metadata.deletionTimestamp !== undefined) return [];
  const containers = containersOf(pod);
  return [
    ...phaseSignals(pod),
    ...conditionSignals(pod, containers),
    ...containers.flatMap((container) => stateSignals(pod, container)),
    ...eventSignals(pod, view, (event) => isStillSo(event, pod, containers)),
    ...containers.flatMap((container) => logSignals(pod, container, view)),
  ].map((signal) => (view.isUnmasked === true ? withoutProgram(signal) : signal));
}

/** With these a program has ended by itself, and its state holds what it wrote, or the end of its log. */
const byItself = ['Error', 'Completed', 'OOMKilled', ''];

/** A signal without what a program of the pod may have printed: to a file of its own, to its log, or as a probe's command. */
function withoutProgram(signal: Signal): Signal {
  const { source, reason, text: said } = signal;
  if (source === 'terminated' && byItself.includes(reason)) return { ...signal, text: '' };
  if (source !== 'event' || !/^Unhealthy$|^Failed\w+Hook$/.test(reason)) return signal;
  return { ...signal, text: /^\w+ probe (?:failed|errored)/.exec(said)?.[0] ?? '' };
}

/** Such as Evicted, which stands on the pod itself. */
function phaseSignals(pod: SeenObject): Signal[] {
  const reason = text(field(pod['status'], 'reason'));
  if (reason === '') return [];
  return [signalOf(pod, 'status', { reason, text: text(field(pod['status'], 'message')), where: 'status.reason' })];
}

function conditionSignals(pod: SeenObject, containers: readonly Container[]): Signal[] {
  const scheduled = conditionOf(pod, 'PodScheduled');
  const found: Signal[] = [];
  if (field(scheduled, 'status') === 'False') found.push(conditionSignal(pod, 'PodScheduled', scheduled));
  if (!isTrue(pod, 'ContainersReady') || containers.length === 0) return found;
  const gates = list(field(pod['spec'], 'readinessGates')).map((gate) => text(field(gate, 'conditionType')));
  const shut = gates.filter((gate) => gate !== '' && !isTrue(pod, gate));
  return [
    ...found,
    ...shut.map((gate) => ({ ...conditionSignal(pod, gate, conditionOf(pod, gate)), reason: 'ReadinessGate' })),
  ];
}

/** A condition as a signal, with the condition's own reason. */
export function conditionSignal(object: SeenObject, type: string, condition: unknown): Signal {
  const at = time(field(condition, 'lastTransitionTime'));
  const where = `status.conditions[${type}]`;
  return signalOf(object, 'condition', {
    reason: text(field(condition, 'reason')),
    text: text(field(condition, 'message')),
    where,
    at,
  });
}

function stateSignals(pod: SeenObject, container: Container): Signal[] {
  const { status, name, isInit } = container;
  const path = `status.${isInit ? 'initContainerStatuses' : 'containerStatuses'}[${name}]`;
  const found: Signal[] = [];
  const waiting = field(status, 'state', 'waiting');
  const reason = text(field(waiting, 'reason'));
  if (reason !== '') {
    const said = { reason, text: text(field(waiting, 'message')), where: `${path}.state.waiting` };
    found.push(signalOf(pod, 'waiting', { ...said, container, isUsual: early.includes(reason) }));
  }
  for (const where of ['state', 'lastState']) {
    const ended = field(status, where, 'terminated');
    if (ended !== undefined && ended !== null)
      found.push(endSignal(pod, container, `${path}.${where}.terminated`, ended));
  }
  if (field(status, 'state', 'running') !== undefined && field(status, 'ready') === false) {
    const at = time(field(status, 'state', 'running', 'startedAt'));
    found.push(signalOf(pod, 'status', { reason: 'NotReady', where: `${path}.ready`, at, container, isUsual: true }));
  }
  return found;
}

function endSignal(pod: SeenObject, container: Container, where: string, ended: unknown): Signal {
  const exitCode = number(field(ended, 'exitCode'));
  const reason = text(field(ended, 'reason'));
  const at = time(field(ended, 'finishedAt'));
  return signalOf(pod, 'terminated', { reason, text: text(field(ended, 'message')), where, at, container, exitCode });
}

/** An event says what was so: a pod that has a node by now needs none, and one whose containers ran got its volumes. */
function isStillSo({ reason, type }: SeenEvent, pod: SeenObject, containers: readonly Container[]): boolean {
  if (type === 'Normal' && !telling.includes(reason)) return false;
  const isPlaced = text(field(pod['spec'], 'nodeName')) !== '' || isTrue(pod, 'PodScheduled');
  if (['FailedScheduling', 'TriggeredScaleUp', 'Nominated', 'NotTriggerScaleUp'].includes(reason)) return !isPlaced;
  if (['FailedMount', 'FailedAttachVolume', 'FailedMapVolume', 'FailedCreatePodSandBox'].includes(reason)) {
    return containers.every(({ status }) => early.includes(waitingFor(status) ?? 'begun'));
  }
  // A kubelet says so of a container that it could not make: of its image, of what its environment names, of its command.
  return !['Failed', 'Pulling'].includes(reason) || containers.some(({ status }) => waitingFor(status) !== undefined);
}

/** Why a container waits, which may be an empty text; undefined when it does not. */
function waitingFor(status: unknown): string | undefined {
  const state = field(status, 'state');
  if (field(state, 'running') !== undefined || field(state, 'terminated') !== undefined) return undefined;
  return text(field(state, 'waiting', 'reason'));
}

function logSignals(pod: SeenObject, container: Container, view: ReleaseView): Signal[] {
  const tail = view.logOf(pod, container.name);
  if (tail === undefined || tail.lines.length === 0) return [];
  const where = `log of ${container.name}${tail.previous ? ' before its restart' : ''}`;
  // The end of it counts.
  const end = masked(tail.lines.slice(-mostLines).join('\n')).slice(-longestLog);
  return [signalOf(pod, 'log', { where, container, text: end })];
}
