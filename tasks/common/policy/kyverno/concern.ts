import { isMap, listAt, type ManifestObject } from '../objects.ts';
import type { Policy } from '../policies.ts';
import { groupOf } from '../scopes.ts';

/** What a policy for pods is about as well: Kyverno makes policies for these of it. */
const makersOfPods = [
  'cronjobs',
  'daemonsets',
  'deployments',
  'jobs',
  'replicasets',
  'replicationcontrollers',
  'statefulsets',
];

/** Policies with the objects that they may be about. */
export interface Concern {
  readonly policies: readonly Policy[];
  readonly objects: readonly ManifestObject[];
}

/**
 * Groups policies by what they may be about. kyverno 1.19.1 compiles a policy of CEL anew for every object, 10 ms each, also
 * where it is not about the object; so it gets none that is certainly of another kind. What a policy is about is Kyverno's to
 * say still.
 */
export function concerns(policies: readonly Policy[], objects: readonly ManifestObject[]): Concern[] {
  const groups = new Map<
    string,
    { readonly policies: Policy[]; readonly resources: ReadonlySet<string> | undefined }
  >();
  for (const policy of policies) {
    const resources = resourcesOf(policy);
    const key = resources === undefined ? '*' : [...resources].sort().join(' ');
    const group = groups.get(key) ?? { policies: [], resources };
    group.policies.push(policy);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => {
    const concerned = objects.filter((object) => mayBeAbout(group.resources, object));
    // A run without any would not tell which policies cannot be read.
    return { policies: group.policies, objects: concerned.length > 0 ? concerned : objects.slice(0, 1) };
  });
}

/** The resources that a policy of CEL names, such as `deployments`; undefined for any, and for policies of rules. */
function resourcesOf({ kind, document }: Policy): ReadonlySet<string> | undefined {
  if (!kind.endsWith('ValidatingPolicy')) return undefined;
  const rules = listAt(document, 'spec', 'matchConstraints', 'resourceRules').filter(isMap);
  const named = rules
    .flatMap((rule) => listAt(rule, 'resources'))
    .map((name) => (typeof name === 'string' ? name.toLowerCase() : '*'));
  if (named.length === 0 || named.some((name) => name.includes('*'))) return undefined;
  const resources = named.map((name) => name.split('/', 1)[0] ?? '');
  return new Set(resources.includes('pods') ? [...resources, ...makersOfPods] : resources);
}

/** Groups of Kubernetes itself, whose resources are the plurals of their kinds. */
const isOfKubernetes = (apiVersion: string): boolean => {
  const group = groupOf(apiVersion);
  return !group.includes('.') || group.endsWith('.k8s.io');
};

function mayBeAbout(resources: ReadonlySet<string> | undefined, { apiVersion, kind }: ManifestObject): boolean {
  if (resources === undefined || !isOfKubernetes(apiVersion)) return true;
  const name = kind.toLowerCase();
  return [name, `${name}s`, `${name}es`, name.replace(/y$/, 'ies')].some((plural) => resources.has(plural));
}
