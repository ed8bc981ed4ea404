import { type Case, holds } from './cases.ts';
import { unscheduled } from './sample-pods.ts';
import { deployment, objectOf, pod, type Sample, type SampleEvent, waiting, web } from './sample-view.ts';

const text = {
  zone: '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) had volume node affinity conflict. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
  zone135:
    "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  unbound:
    '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
  noClaim:
    '0/2 nodes are available: persistentvolumeclaim "shop-data" not found. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
};

const mounts = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'shop-data' } }] };

function claim(events: SampleEvent[]): Sample {
  return { object: objectOf('PersistentVolumeClaim', 'shop-data', { status: { phase: 'Pending' } }), events };
}

const cases: readonly Case[] = [
  {
    it: 'volume-zone, though other nodes have a taint',
    samples: [deployment([unscheduled(text.zone)])],
    cause: 'volume-zone',
    says: [/_ZRS/],
  },
  {
    it: 'volume-zone in the words of Kubernetes 1.35',
    samples: [deployment([unscheduled(text.zone135)])],
    cause: 'volume-zone',
  },
  {
    it: 'volume-attached-elsewhere',
    samples: [
      deployment([
        pod({
          status: web(waiting('ContainerCreating')),
          events: [
            {
              reason: 'FailedAttachVolume',
              message: 'Multi-Attach error for volume "pvc-1a2b" Volume is already used by pod(s) shop-old',
            },
          ],
        }),
      ]),
    ],
    cause: 'volume-attached-elsewhere',
    says: [/'pvc-1a2b'/, /strategy\.type to Recreate/],
  },
  {
    it: 'claim-unbound for a StorageClass that is not there, of the workload that mounts the claim',
    samples: [
      deployment([unscheduled(text.unbound, { spec: mounts })]),
      claim([{ reason: 'ProvisioningFailed', message: 'storageclass.storage.k8s.io "fast" not found' }]),
    ],
    cause: 'claim-unbound',
    says: [/StorageClass 'fast' does not exist/, /of Deployment 'shop'/, /managed-csi/],
    canMend: false,
  },
  {
    it: 'claim-unbound that mends itself, since the StorageClass was seen meanwhile',
    samples: [
      deployment([unscheduled(text.unbound, { spec: mounts })]),
      claim([
        { reason: 'ProvisioningFailed', message: 'storageclass.storage.k8s.io "fast" not found' },
        { reason: 'Provisioning', message: 'External provisioner is provisioning volume', type: 'Normal' },
      ]),
    ],
    cause: 'claim-unbound',
    canMend: true,
  },
  {
    it: 'claim-unbound for a claim that is not there',
    samples: [deployment([unscheduled(text.noClaim)])],
    cause: 'claim-unbound',
    says: [/claimName/],
  },
  {
    it: 'claim-unbound, where there is no volume to bind',
    samples: [
      deployment([unscheduled("0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.")]),
    ],
    cause: 'claim-unbound',
  },
  {
    it: 'claim-unbound without a default class',
    samples: [
      claim([
        {
          type: 'Normal',
          reason: 'FailedBinding',
          message: 'no persistent volumes available for this claim and no storage class is set',
        },
      ]),
    ],
    cause: 'claim-unbound',
    says: [/storageClassName/],
  },
  {
    it: 'none for a claim that waits for its first pod',
    samples: [
      claim([
        {
          type: 'Normal',
          reason: 'WaitForFirstConsumer',
          message: 'waiting for first consumer to be created before binding',
        },
      ]),
    ],
    cause: undefined,
  },
  {
    it: 'subnet-full once it was said again and again',
    samples: [
      deployment([
        pod({
          status: web(waiting('ContainerCreating')),
          events: [
            {
              reason: 'FailedCreatePodSandBox',
              count: 5,
              message:
                'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "1a": plugin type="azure-vnet" failed (add): IPAM Invoker Add failed with error: Failed to get IP address from CNS: AllocateIPConfig failed: not enough IPs available for 1a, waiting on Azure CNS to allocate more',
            },
          ],
        }),
      ]),
    ],
    cause: 'subnet-full',
    says: [/'aks-user-1'/, /Overlay/],
  },
  {
    it: 'none for an address that was missing once',
    samples: [
      deployment([
        pod({
          status: web(waiting('ContainerCreating')),
          events: [{ reason: 'FailedCreatePodSandBox', message: 'not enough IPs available' }],
        }),
      ]),
    ],
    cause: undefined,
  },
];

describe('a pod without a volume or an address has the cause', () => {
  holds(cases);
});
