import { isMap, listAt, type ManifestObject, type Mapping } from '../objects.ts';
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

/** What policies of CEL name. */
interface Scope {
  /** Such as `deployments`. */
  readonly resources: ReadonlySet<string>;
  /** API groups, `*` for all. */
  readonly groups: ReadonlySet<string>;
}

/** To start kyverno takes as long as to compile so many policies. */
const startIsWorth = 100;

/**
 * Groups policies by what they may be about. kyverno 1.19.1 compiles a policy of CEL anew for every object, 10 ms each, also
 * where it is not about the object; so it gets none that is certainly of another kind, unless the objects are so few that to start
 * it once more takes longer. What a policy is about is Kyverno's to say still.
 */
export function concerns(policies: readonly Policy[], objects: readonly ManifestObject[]): Concern[] {
  const groups = new Map<string, { readonly policies: Policy[]; readonly scope: Scope | undefined }>();
  for (const policy of policies) {
    const scope = scopeOf(policy);
    const key = scope === undefined ? '*' : [...scope.resources, '', ...scope.groups].sort().join(' ');
    const group = groups.get(key) ?? { policies: [], scope };
    group.policies.push(policy);
    groups.set(key, group);
  }
  const found = [...groups.values()].map((group) => ({
    policies: group.policies,
    objects: objects.filter((object) => mayBeAbout(group.scope, object)),
  }));
  const isApart = (one: Concern): boolean => one.policies.length * (objects.length - one.objects.length) > startIsWorth;
  const together = found.filter((one) => !isApart(one)).flatMap((one) => one.policies);
  return [
    ...(together.length > 0 ? [{ policies: together, objects }] : []),
    // A run without any object would not tell which policies cannot be read.
    ...found.filter(isApart).map((one) => (one.objects.length > 0 ? one : { ...one, objects: objects.slice(0, 1) })),
  ];
}

/** What a policy of CEL names; undefined for one that may be about anything, and for policies of rules. */
function scopeOf({ kind, document }: Policy): Scope | undefined {
  if (!isOfCel(kind)) return undefined;
  const rules = listAt(document, 'spec', 'matchConstraints', 'resourceRules').filter(isMap);
  const named = textsIn(rules, 'resources').map((name) => name.toLowerCase());
  if (named.length === 0 || named.some((name) => name.includes('*'))) return undefined;
  const resources = named.map((name) => name.split('/', 1)[0] ?? '');
  // Of policies of Kubernetes nobody makes others.
  const isAlsoAboutMakers = resources.includes('pods') && kind !== 'ValidatingAdmissionPolicy';
  return {
    resources: new Set(isAlsoAboutMakers ? [...resources, ...makersOfPods] : resources),
    groups: new Set(textsIn(rules, 'apiGroups')),
  };
}

/** Whether policies of a kind are of CEL, and so about resources, not about kinds. */
export const isOfCel = (kind: string): boolean => /Validating(Admission)?Policy$/.test(kind);

/** All texts in the lists that rules have in a field; a member that is none stands for anything. */
function textsIn(rules: readonly Mapping[], field: string): string[] {
  return rules.flatMap((rule) => listAt(rule, field)).map((each) => (typeof each === 'string' ? each : '*'));
}

/** Groups of Kubernetes itself, whose resources are the plurals of their kinds. */
const isOfKubernetes = (apiVersion: string): boolean => {
  const group = groupOf(apiVersion);
  return !group.includes('.') || group.endsWith('.k8s.io');
};

function mayBeAbout(scope: Scope | undefined, { apiVersion, kind }: ManifestObject): boolean {
  if (scope === undefined) return true;
  if (!isOfKubernetes(apiVersion)) return scope.groups.has('*') || scope.groups.has(groupOf(apiVersion));
  const name = kind.toLowerCase();
  return [name, `${name}s`, `${name}es`, name.replace(/y$/, 'ies')].some((plural) => scope.resources.has(plural));
}
