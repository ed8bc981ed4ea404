import { isMap, listAt, type ManifestObject, type Mapping, textAt } from '../objects.ts';
import type { Policy } from '../policies.ts';
import { groupOf } from '../scopes.ts';

/** The versions of which kyverno 1.19.1 knows the kinds (cmd/cli/kubectl-kyverno/data/api-group-resources.json). */
const known: ReadonlySet<string> = new Set([
  'v1',
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'apps/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'networking.k8s.io/v1',
  'node.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'resource.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
]);

/**
 * A definition for each kind of object that kyverno does not know, custom resources and old versions: without one it ends by policies
 * of Kubernetes (`failed to map gvk to gvr`), whatever these are about. It takes nothing of them but the scope and the name of the
 * resource, which is that of a definition among the objects, else the one that a policy has for it, else the plural that Kubernetes would guess.
 * @param all the objects that come together, among which definitions may be
 */
export function definitionsFor(
  objects: readonly ManifestObject[],
  policies: readonly Policy[],
  all: readonly ManifestObject[],
): Mapping[] {
  const named = policies.flatMap(({ document }) =>
    listAt(document, 'spec', 'matchConstraints', 'resourceRules')
      .filter(isMap)
      .flatMap((rule) => listAt(rule, 'resources'))
      .flatMap((name) => (typeof name === 'string' ? [name.toLowerCase().split('/', 1)[0] ?? ''] : [])),
  );
  const kinds = new Map(
    objects
      .filter(({ apiVersion }) => !known.has(apiVersion))
      .map((object) => [`${object.apiVersion} ${object.kind}`, object]),
  );
  return [...kinds.values()].map((object) => {
    const { apiVersion, kind } = object;
    return definition(object, pluralIn(all, groupOf(apiVersion), kind) ?? pluralOf(kind, named));
  });
}

function definition({ apiVersion, kind, namespace }: ManifestObject, plural: string): Mapping {
  const group = groupOf(apiVersion);
  const version = apiVersion.split('/').at(-1) ?? '';
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespace === '' ? 'Cluster' : 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };
}

function pluralIn(objects: readonly ManifestObject[], group: string, kind: string): string | undefined {
  const found = objects.find(
    ({ kind: own, value: { spec } }) =>
      own === 'CustomResourceDefinition' && textAt(spec, 'group') === group && textAt(spec, 'names', 'kind') === kind,
  );
  return textAt(found?.value, 'spec', 'names', 'plural').toLowerCase() || undefined;
}

/** As apimachinery's UnsafeGuessKindToResource has it, unless a policy names one that the kind begins. */
function pluralOf(kind: string, named: readonly string[]): string {
  const singular = kind.toLowerCase();
  const guess = singular.endsWith('s') ? `${singular}es` : `${singular.replace(/y$/, 'ie')}s`;
  const usual = [guess, `${singular}es`, singular];
  return usual.find((plural) => named.includes(plural)) ?? guess;
}
