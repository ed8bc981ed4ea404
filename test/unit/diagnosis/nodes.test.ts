import { type Case, holds } from './cases.ts';
import { unscheduled } from './sample-pods.ts';
import { at, deployment, objectOf, pod, running, type SampleEvent, waiting, web } from './sample-view.ts';

const text = {
  full: '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
  large:
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
  taintNamed:
    '0/2 nodes are available: 2 node(s) had untolerated taint {CriticalAddonsOnly: true}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
  taint:
    '0/2 nodes are available: 2 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
  selector:
    "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  both: "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
};

const node = (name: string, taints: object[] = [], labels: object = {}) =>
  objectOf('Node', name, { metadata: { labels }, spec: { taints } });
const critical = { key: 'CriticalAddonsOnly', value: 'true', effect: 'NoSchedule' };
const gpu = { key: 'sku', value: 'gpu', effect: 'NoSchedule' };

const scaleUp: SampleEvent = {
  type: 'Normal',
  reason: 'TriggeredScaleUp',
  message: 'pod triggered scale-up: [{aks-user-vmss 1->2 (max: 5)}]',
};
const noScaleUp: SampleEvent = {
  type: 'Warning',
  reason: 'NotTriggerScaleUp',
  message: "pod didn't trigger scale-up: 1 max node group size reached",
};
const cases: readonly Case[] = [
  {
    it: 'not-enough-resources, though other nodes have a taint',
    samples: [
      deployment([
        unscheduled(text.full, { spec: { containers: [{ name: 'web', resources: { requests: { cpu: '64' } } }] } }),
      ]),
    ],
    cause: 'not-enough-resources',
    says: [/too little cpu/, /asks for 64/, /resources\.requests/, /az aks nodepool scale/],
    canMend: true,
  },
  {
    it: 'not-enough-resources of any node',
    samples: [deployment([unscheduled(text.large)])],
    cause: 'not-enough-resources',
    says: [/No node is that large/, /--node-vm-size/],
  },
  {
    it: 'not-enough-resources, where the autoscaler may not',
    samples: [deployment([unscheduled(text.full, { events: [noScaleUp] })])],
    cause: 'not-enough-resources',
    says: [/--max-count/],
  },
  {
    it: 'none while nodes are being added',
    samples: [deployment([unscheduled(text.full, { events: [scaleUp] })])],
    cause: undefined,
  },
  {
    it: 'none while node auto-provisioning makes one',
    samples: [
      deployment([
        unscheduled(text.full, {
          events: [{ type: 'Normal', reason: 'Nominated', message: 'Pod should schedule on: nodeclaim/default-x7k2q' }],
        }),
      ]),
    ],
    cause: undefined,
  },
  {
    it: 'not-enough-resources when the time was up before the nodes came',
    samples: [deployment([unscheduled(text.full, { events: [scaleUp] })])],
    said: 'Error: UPGRADE FAILED: timed out waiting for the condition',
    cause: 'not-enough-resources',
  },
  {
    it: 'untolerated-taint of a system pool',
    samples: [deployment([unscheduled(text.taintNamed)])],
    cause: 'untolerated-taint',
    says: [/CriticalAddonsOnly=true/, /--mode User/],
  },
  {
    it: 'untolerated-taint as the nodes have it, which Kubernetes 1.35 no longer names',
    samples: [deployment([unscheduled(text.taint, { spec: { tolerations: [{ key: 'sku', operator: 'Exists' }] } })])],
    view: { nodes: [node('aks-system-1', [critical]), node('aks-gpu-1', [gpu])] },
    cause: 'untolerated-taint',
    says: [/\(CriticalAddonsOnly=true:NoSchedule\)/],
  },
  {
    it: 'no-matching-node, with the label that no node has',
    samples: [deployment([unscheduled(text.selector, { spec: { nodeSelector: { pool: 'fast', tier: 'web' } } })])],
    view: { nodes: [node('aks-user-1', [], { pool: 'slow' })] },
    cause: 'no-matching-node',
    says: [/pool=fast/, /no node has 'pool=fast'/, /az aks nodepool update --labels/],
  },
  {
    it: 'no-matching-node for Windows',
    samples: [deployment([unscheduled(text.selector, { spec: { nodeSelector: { 'kubernetes.io/os': 'windows' } } })])],
    cause: 'no-matching-node',
    says: [/--os-type Windows/],
  },
  {
    it: 'untolerated-taint, where the nodes that are wanted have it',
    samples: [deployment([unscheduled(text.both, { spec: { nodeSelector: { pool: 'gpu' } } })])],
    view: { nodes: [node('aks-gpu-1', [gpu], { pool: 'gpu' }), node('aks-user-1')] },
    cause: 'untolerated-taint',
  },
  {
    it: 'no-matching-node, where it is other nodes that have a taint',
    samples: [deployment([unscheduled(text.both, { spec: { nodeSelector: { pool: 'fast' } } })])],
    view: { nodes: [node('aks-system-1', [critical]), node('aks-user-1')] },
    cause: 'no-matching-node',
  },
  {
    it: 'none of a pod that has its node by now',
    samples: [
      deployment([
        pod({
          status: { ...web(waiting('ContainerCreating')), conditions: [{ type: 'PodScheduled', status: 'True' }] },
          events: [{ reason: 'FailedScheduling', message: text.full }],
        }),
      ]),
    ],
    cause: undefined,
  },
  {
    it: 'pod-evicted for memory',
    samples: [
      deployment([
        pod({
          status: {
            phase: 'Failed',
            reason: 'Evicted',
            message: 'The node was low on resource: memory. Threshold quantity: 100Mi',
          },
        }),
      ]),
    ],
    cause: 'pod-evicted',
    says: [/requests\.memory/],
  },
  {
    it: 'that of its successor for a pod that was evicted',
    samples: [
      deployment([
        pod({ status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } }),
        pod({ name: 'shop-6d4-fghij', status: web(waiting('InvalidImageName')) }),
      ]),
    ],
    cause: 'image-name-invalid',
  },
  {
    it: 'none for a pod that was evicted and has a successor',
    samples: [
      deployment(
        [pod({ status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } })],
        { status: { updatedReplicas: 1, availableReplicas: 1, unavailableReplicas: 0 } },
      ),
    ],
    cause: undefined,
  },
  {
    it: 'none of a pod that starts',
    samples: [deployment([pod({ status: web(running(at(119))) })])],
    cause: undefined,
  },
];

describe('a pod without a node has the cause', () => {
  holds(cases);
});
