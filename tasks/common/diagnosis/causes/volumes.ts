import { field, text } from '../../watching/fields.ts';
import { called, describe, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import { noNodeFor, schedulerSays, unschedulable } from './unschedulable.ts';

const zone: Cause = {
  id: 'volume-zone',
  rank: 'volume',
  evidence: '`volume node affinity conflict` of the scheduler, or an event FailedAttachVolume about zones',
  remedy: "A node in the disk's zone, or a StorageClass with zone-redundant disks",
  marks: [
    ...unschedulable(
      /volume node affinity conflict|didn't match PersistentVolume's node affinity|no available volume zone/,
    ),
    {
      sources: ['event'],
      reasons: ['FailedAttachVolume'],
      pattern: /not in (?:the same )?zone|zone mismatch|different zone/i,
    },
  ],
  what: (found) =>
    `${noNodeFor(found)}: its disk is in another zone than the nodes that are free (${schedulerSays(found)}).`,
  fix: () =>
    "Add a node in the disk's zone (az aks nodepool add --zones), or use disks that are in all zones: a StorageClass with skuName 'StandardSSD_ZRS' or 'Premium_ZRS'.",
  command: () => 'kubectl get nodes --label-columns topology.kubernetes.io/zone',
  canMend: true,
};

const attachedElsewhere: Cause = {
  id: 'volume-attached-elsewhere',
  rank: 'volume',
  evidence: 'An event FailedAttachVolume with `Multi-Attach error`',
  remedy: 'Strategy `Recreate`, or a volume that several nodes may mount (`ReadWriteMany`, Azure Files)',
  marks: [
    {
      sources: ['event'],
      reasons: ['FailedAttachVolume'],
      pattern: /Multi-Attach error for volume "(?<volume>[^"]{1,253})"/,
    },
  ],
  what: (found) =>
    `Pod ${quoted(found.signal.name.name)} of ${called(found.owner)} waits for volume ${quoted(found.groups['volume'] ?? '')}, which another node still holds.`,
  fix: () =>
    "A disk (ReadWriteOnce) serves one node: set the Deployment's strategy.type to Recreate, or take accessModes ReadWriteMany with Azure Files (azurefile-csi). After the loss of a node it comes free within minutes.",
  command: () => 'kubectl get volumeattachments',
  canMend: true,
};

/** What the controller and the scheduler say of claims; the more telling first. */
const unbound: Cause = {
  id: 'claim-unbound',
  rank: 'volume',
  evidence:
    'An event ProvisioningFailed or FailedBinding of a claim, or `unbound immediate PersistentVolumeClaims` of the scheduler',
  remedy: 'A StorageClass that exists, or what its provisioner asks for',
  marks: [
    {
      sources: ['event'],
      reasons: ['ProvisioningFailed'],
      pattern: /storageclass\S{0,40} "(?<missing>[^"]{1,253})" not found/,
    },
    { sources: ['event'], reasons: ['ProvisioningFailed', 'FailedBinding'] },
    ...unschedulable(/persistentvolumeclaim "(?<claim>[^"]{1,253})" not found/),
    ...unschedulable(
      /unbound immediate PersistentVolumeClaims|didn't find available persistent volumes to bind|non-existent pv\(s\)/,
    ),
    { sources: ['status'], reasons: ['Lost'] },
  ],
  // A claim that was just made has its volume a few seconds later.
  holds: ({ signal, now, isOver }) =>
    !isOver && signal.source === 'condition' && now.getTime() - (signal.at?.getTime() ?? now.getTime()) < 60_000,
  what: (found) => {
    const { missing, claim } = found.groups;
    if (missing) return `${claimOf(found)} gets no volume: StorageClass ${quoted(missing)} does not exist.`;
    if (claim) return `${noNodeFor(found)}: its PersistentVolumeClaim ${quoted(claim)} does not exist.`;
    if (found.signal.name.kind !== 'PersistentVolumeClaim')
      return `${noNodeFor(found)}: a PersistentVolumeClaim of it has no volume.`;
    const said = found.signal.text === '' ? found.signal.reason : found.signal.text;
    return `${claimOf(found)} gets no volume (${told(said)}).`;
  },
  fix: (found) => {
    const { missing, claim } = found.groups;
    if (missing)
      return "Correct storageClassName in the chart's values (AKS has 'managed-csi', 'managed-csi-premium' and 'azurefile-csi'), or create that StorageClass.";
    if (claim) return "Create the claim, or correct claimName (persistence.existingClaim) in the chart's values.";
    if (found.signal.reason === 'FailedBinding')
      return "Set storageClassName in the chart's values (AKS has 'managed-csi'), or mark a StorageClass as the default.";
    return "Look at the claim's events: its StorageClass, its size, and the cluster identity's rights on the disk's resource group.";
  },
  command: ({ signal: { name } }) =>
    name.kind === 'PersistentVolumeClaim'
      ? describe(name)
      : `kubectl get persistentvolumeclaims,storageclasses --namespace ${word(name.namespace, 'namespace')}`,
  canMend: (found) => !found.groups['missing'] || !isLastWord(found),
};

/** A StorageClass may be seen a moment after the claim; then something else is said of the claim. */
const isLastWord = ({ signal, near }: Found): boolean =>
  near.findLast(({ source }) => source === 'event')?.text === signal.text;

/** A claim, and who mounts it where somebody is known to. */
function claimOf({ signal: { name }, owner }: Found): string {
  return `Claim ${quoted(name.name)}${owner.kind === name.kind ? '' : ` of ${called(owner)}`}`;
}

const subnetFull: Cause = {
  id: 'subnet-full',
  rank: 'scheduling',
  evidence: 'An event FailedCreatePodSandBox about addresses',
  remedy: 'A larger pod subnet, or Azure CNI Overlay',
  marks: [
    {
      sources: ['event'],
      reasons: ['FailedCreatePodSandBox'],
      pattern:
        /not enough IPs|No available addresses|no available IP|Failed to allocate address|SubnetFull|failed to allocate for range/i,
    },
  ],
  // Azure CNI asks for more addresses while a kubelet tries again.
  holds: ({ signal, isOver }) => !isOver && signal.count < 3,
  what: (found) => {
    const node = text(field(found.signal.object?.['spec'], 'nodeName'));
    const where = node === '' ? 'its node' : `node ${quoted(node)}`;
    return `Pod ${quoted(found.signal.name.name)} of ${called(found.owner)} gets no address: ${where} has none left for pods.`;
  },
  fix: () =>
    "Give the node pool's pod subnet more addresses (a larger subnet, fewer --max-pods), or use Azure CNI Overlay (az aks update --network-plugin-mode overlay).",
  command: () =>
    'az network vnet subnet show --resource-group <group> --vnet-name <network> --name <subnet> --query "{prefix:addressPrefix,prefixes:addressPrefixes}"',
  canMend: true,
};

/** Of disks and addresses, without which a pod's containers are not begun. */
export const volumeCauses: readonly Cause[] = [zone, attachedElsewhere, unbound, subnetFull];
