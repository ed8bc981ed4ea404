import type { KubernetesObject, Objects } from './objects.ts';
import { builtIn, stored, type Resource } from './resources.ts';

interface Definition {
  readonly group: string;
  readonly scope: string;
  readonly names: { readonly plural: string; readonly kind: string; readonly shortNames?: readonly string[] };
  readonly versions: readonly { readonly name: string; readonly served: boolean; readonly subresources?: object }[];
}

/** What a cluster knows: what every one has, and what its CustomResourceDefinitions add. */
export function resourcesOf(objects: Objects): readonly Resource[] {
  return [...builtIn, ...objects.list({ kind: 'CustomResourceDefinition' }).flatMap(definedBy)];
}

function definedBy({ spec }: KubernetesObject): Resource[] {
  const { group, scope, names, versions } = spec as Definition;
  return versions
    .filter(({ served }) => served)
    .map(({ name, subresources = {} }) => ({
      ...stored(`${group}/${name}`, names.plural, names.kind, names.shortNames, Object.keys(subresources)),
      namespaced: scope === 'Namespaced',
    }));
}
