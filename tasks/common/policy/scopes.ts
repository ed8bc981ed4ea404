import { type Mapping, textAt } from './objects.ts';

/** The kinds of Kubernetes 1.35 that belong to no namespace, by their API groups; the core group is the empty one. */
const clusterKinds: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
    'admissionregistration.k8s.io': [
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
      'MutatingWebhookConfiguration',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'ValidatingWebhookConfiguration',
    ],
    'apiextensions.k8s.io': ['CustomResourceDefinition'],
    'apiregistration.k8s.io': ['APIService'],
    'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
    'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
    'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
    'node.k8s.io': ['RuntimeClass'],
    policy: ['PodSecurityPolicy'],
    'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
    'resource.k8s.io': ['DeviceClass', 'DeviceTaintRule', 'ResourceSlice'],
    'scheduling.k8s.io': ['PriorityClass'],
    'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  }),
);

/** Kinds of custom resources that belong to no namespace, as the definitions among the documents say. As `group/Kind`. */
export function customClusterKinds(documents: readonly Mapping[]): ReadonlySet<string> {
  const definitions = documents.filter((document) => textAt(document, 'kind') === 'CustomResourceDefinition');
  const ofCluster = definitions.filter((definition) => textAt(definition, 'spec', 'scope') === 'Cluster');
  return new Set(ofCluster.map(({ spec }) => `${textAt(spec, 'group')}/${textAt(spec, 'names', 'kind')}`));
}

/**
 * Whether objects of a kind belong to a namespace. Without a cluster that is known of Kubernetes' own kinds and of those
 * whose definition comes along; another custom resource counts as one of a namespace, as most are.
 */
export function isNamespaced(apiVersion: string, kind: string, custom: ReadonlySet<string>): boolean {
  const group = groupOf(apiVersion);
  return !(clusterKinds.get(group)?.includes(kind) ?? false) && !custom.has(`${group}/${kind}`);
}

/** The API group in an `apiVersion`; empty for the core one. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '';
}
