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
}

const reading = ['get', 'list'];

export const resources: readonly Resource[] = [
  {
    group: '',
    version: 'v1',
    name: 'namespaces',
    kind: 'Namespace',
    namespaced: false,
    verbs: reading,
    shortNames: ['ns'],
  },
  { group: '', version: 'v1', name: 'pods', kind: 'Pod', namespaced: true, verbs: reading, shortNames: ['po'] },
  {
    group: '',
    version: 'v1',
    name: 'services',
    kind: 'Service',
    namespaced: true,
    verbs: reading,
    shortNames: ['svc'],
  },
  {
    group: '',
    version: 'v1',
    name: 'configmaps',
    kind: 'ConfigMap',
    namespaced: true,
    verbs: reading,
    shortNames: ['cm'],
  },
  { group: '', version: 'v1', name: 'secrets', kind: 'Secret', namespaced: true, verbs: reading },
  {
    group: 'apps',
    version: 'v1',
    name: 'deployments',
    kind: 'Deployment',
    namespaced: true,
    verbs: reading,
    shortNames: ['deploy'],
  },
  review('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview'),
  review('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
];

function review(group: string, name: string, kind: string): Resource {
  return { group, version: 'v1', name, kind, namespaced: false, verbs: ['create'] };
}

/** A request's address in the API server's terms. */
export interface Address {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  /** Name of one object; undefined for the collection. */
  readonly name: string | undefined;
}

/** What an address such as `/apis/apps/v1/namespaces/web/deployments` means; undefined if there is no such resource. */
export function addressOf(path: string): Address | undefined {
  const match = /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>v\w+)\/(?<rest>.+)$/.exec(path)?.groups;
  if (match === undefined) return undefined;
  const { group = '', version, rest = '' } = match;
  const inNamespace = /^namespaces\/([^/]+)\/(.+)$/.exec(rest);
  const [plural, name] = (inNamespace?.[2] ?? rest).split('/');
  const resource = resources.find((one) => one.group === group && one.version === version && one.name === plural);
  return resource && { resource, namespace: inNamespace?.[1], name };
}
