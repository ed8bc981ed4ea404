import { field, list, text } from '../../watching/fields.ts';
import type { SeenObject } from '../../watching/view.ts';
import { called, describe, quoted, told, word } from '../words.ts';
import type { Cause } from './cause.ts';
import { noMatchingNode, untoleratedTaint } from './nodes.ts';
import { isScalingUp, noNodeFor, schedulerSays, unschedulable } from './unschedulable.ts';

const resources: Cause = {
  id: 'not-enough-resources',
  rank: 'scheduling',
  evidence: '`Insufficient cpu` or `memory` in the condition PodScheduled or in an event FailedScheduling',
  remedy: 'Lower `resources.requests`, or let the node pool grow',
  marks: unschedulable(/Insufficient (?<what>[\w./-]{0,100}\w)|Too many pods/),
  holds: isScalingUp,
  what: (found) => {
    const wants = requestsOf(found.signal.object, found.groups['what'] ?? '');
    const lacks = found.groups['what'] ? `too little ${found.groups['what']}` : 'no room for one more pod';
    return `${noNodeFor(found)}: ${lacks} is left${wants === '' ? '' : `, and the pod asks for ${wants}`} (${schedulerSays(found)}).`;
  },
  fix: ({ near, signal }) => {
    if (isTooLarge(signal.text))
      return "No node is that large even when it is empty: lower resources.requests in the chart's values, or add a pool of larger nodes (az aks nodepool add --node-vm-size).";
    const isFull = near.some(({ reason }) => reason === 'NotTriggerScaleUp');
    const limit = isFull ? ' (its autoscaler may not: raise --max-count, or choose larger nodes)' : '';
    return `Lower resources.requests in the chart's values, or give the node pool more nodes by az aks nodepool scale${limit}.`;
  },
  command: ({ signal: { name } }) => describe(name),
  canMend: true,
};

/** Ending other pods would not help, on no node (kubernetes, pkg/scheduler/framework/plugins/noderesources/fit.go: Unresolvable). */
const isTooLarge = (said: string): boolean =>
  /Preemption is not helpful for scheduling/.test(said) && !/No preemption victims found|Too many pods/.test(said);

/** What the containers of a pod ask for, such as `64` of cpu, each of them. */
function requestsOf(pod: SeenObject | undefined, resource: string): string {
  const asked = list(field(pod?.['spec'], 'containers')).map((each) => field(each, 'resources', 'requests', resource));
  return asked
    .filter((amount) => typeof amount === 'string' || typeof amount === 'number')
    .map((amount) => told(String(amount), 40))
    .join(' + ');
}

const evicted: Cause = {
  id: 'pod-evicted',
  rank: 'scheduling',
  evidence: 'The reason of a pod: Evicted, NodeLost, NodeShutdown, Terminated and their like',
  remedy: "The node's pressure on memory or disk; requests and limits that tell what the pods need",
  marks: [
    {
      sources: ['status'],
      reasons: [
        'Evicted',
        'NodeLost',
        'NodeShutdown',
        'Terminated',
        'NodeAffinity',
        'UnexpectedAdmissionError',
        'Preempting',
        'OutOfcpu',
        'OutOfmemory',
        'OutOfpods',
      ],
    },
  ],
  // A pod that was put off stays as it was: what counts is why those in its place are not well.
  applies: ({ troubled }) => troubled.signals.every(({ object, isUsual }) => isUsual === true || isEnded(object)),
  what: ({ owner, signal }) =>
    `Pod ${quoted(signal.name.name)} of ${called(owner)} was put off its node${nodeOf(signal.object)} (${told([signal.reason, signal.text].filter((part) => part !== '').join(': '))}).`,
  fix: ({ signal }) =>
    /memory/i.test(signal.text)
      ? "The node ran short of memory: set resources.requests.memory in the chart's values to what the pods use, so that the scheduler leaves room, or take larger nodes."
      : /ephemeral-storage|disk|inodes/i.test(signal.text)
        ? "The node's disk filled up: set resources.requests and limits of ephemeral-storage in the chart's values, write to a volume, or take nodes with a larger OS disk."
        : 'Look at the node: its pressure, a scale-down, or a spot node that Azure took back; then deploy again.',
  command: ({ signal }) => {
    const node = text(field(signal.object?.['spec'], 'nodeName'));
    return node === '' ? describe(signal.name) : `kubectl describe node ${word(node, 'node')}`;
  },
  canMend: true,
};

const isEnded = (object: SeenObject | undefined): boolean => field(object?.['status'], 'phase') === 'Failed';

function nodeOf(pod: SeenObject | undefined): string {
  const node = text(field(pod?.['spec'], 'nodeName'));
  return node === '' ? '' : ` ${quoted(node)}`;
}

export const schedulingCauses: readonly Cause[] = [resources, untoleratedTaint, noMatchingNode, evicted];
