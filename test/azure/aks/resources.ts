/** One resource that the API server knows. */
export interface Resource {
  /** API group; empty for the core one. */
  readonly group: string;
  readonly version: string;
  /** Plural, as in addresses. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  /** Such as `status`; `name/status` in addresses. */
  readonly subresources: readonly string[];
}

const everything = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What every cluster has. */
export const builtIn: readonly Resource[] = [
  { ...stored('v1', 'namespaces', 'Namespace', ['ns'], ['status']), namespaced: false },
  { ...stored('v1', 'nodes', 'Node', ['no'], ['status']), namespaced: false },
  stored('v1', 'pods', 'Pod', ['po'], ['status', 'log']),
  stored('v1', 'services', 'Service', ['svc'], ['status']),
  stored('v1', 'serviceaccounts', 'ServiceAccount', ['sa']),
  stored('v1', 'configmaps', 'ConfigMap', ['cm']),
  stored('v1', 'secrets', 'Secret'),
  stored('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', ['pvc'], ['status']),
  stored('v1', 'events', 'Event', ['ev']),
  stored('v1', 'limitranges', 'LimitRange', ['limits']),
  stored('v1', 'resourcequotas', 'ResourceQuota', ['quota'], ['status']),
  stored('apps/v1', 'deployments', 'Deployment', ['deploy'], ['status', 'scale']),
  stored('apps/v1', 'replicasets', 'ReplicaSet', ['rs'], ['status', 'scale']),
  stored('apps/v1', 'statefulsets', 'StatefulSet', ['sts'], ['status', 'scale']),
  stored('apps/v1', 'daemonsets', 'DaemonSet', ['ds'], ['status']),
  stored('batch/v1', 'jobs', 'Job', [], ['status']),
  stored('batch/v1', 'cronjobs', 'CronJob', ['cj'], ['status']),
  stored('networking.k8s.io/v1', 'ingresses', 'Ingress', ['ing'], ['status']),
  stored('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', ['netpol']),
  stored('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', ['hpa'], ['status']),
  stored('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', ['pdb'], ['status']),
  stored('rbac.authorization.k8s.io/v1', 'roles', 'Role'),
  stored('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding'),
  { ...stored('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole'), namespaced: false },
  { ...stored('rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding'), namespaced: false },
  stored('coordination.k8s.io/v1', 'leases', 'Lease'),
  stored('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  {
    ...stored('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', ['crd'], ['status']),
    namespaced: false,
  },
  review('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview'),
  review('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
];

export function stored(
  apiVersion: string,
  name: string,
  kind: string,
  shortNames: readonly string[] = [],
  subresources: readonly string[] = [],
): Resource {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return { group, version, name, kind, namespaced: true, verbs: everything, shortNames, subresources };
}

function review(group: string, name: string, kind: string): Resource {
  return { group, version: 'v1', name, kind, namespaced: false, verbs: ['create'], subresources: [] };
}

/** `apiVersion` of a resource's objects. */
export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return [group, version].filter(Boolean).join('/');
}

/** A request's address in the API server's terms. */
export interface Address {
  readonly resource: Resource;
  /** That of a namespace itself is its name. */
  readonly namespace: string | undefined;
  /** Name of one object; undefined for the collection. */
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/**
 * What an address such as `/apis/apps/v1/namespaces/web/deployments` means; undefined if there is no such resource among
 * those that are known.
 */
export function addressOf(path: string, known: readonly Resource[]): Address | undefined {
  const match = /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>v\w+)\/(?<rest>.+)$/.exec(path)?.groups;
  if (match === undefined) return undefined;
  const { group = '', version, rest = '' } = match;
  const parts = rest.split('/').map(decodeURIComponent);
  const isInNamespace = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status';
  const [plural, name, subresource] = isInNamespace ? parts.slice(2) : parts;
  const resource = known.find((one) => one.group === group && one.version === version && one.name === plural);
  if (resource === undefined || (subresource !== undefined && !resource.subresources.includes(subresource))) {
    return undefined;
  }
  const isOfNamespace = resource.kind === 'Namespace' ? name : undefined;
  return { resource, namespace: isInNamespace ? parts[1] : isOfNamespace, name, subresource };
}
