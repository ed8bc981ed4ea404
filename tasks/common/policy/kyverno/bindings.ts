import type { GoYamlValue } from '../../go/yaml.ts';
import { isMap, listAt, type Mapping, mapAt, textAt } from '../objects.ts';

/** What a binding of a ValidatingAdmissionPolicy does with a violation, by the binding's name. */
export type BoundActions = ReadonlyMap<string, readonly GoYamlValue[]>;

export function actionsOf(bindings: readonly Mapping[]): BoundActions {
  return new Map(
    bindings.map((binding) => [textAt(binding, 'metadata', 'name'), listAt(binding, 'spec', 'validationActions')]),
  );
}

/**
 * The bindings of a ValidatingAdmissionPolicy as kyverno gets them. kyverno 1.19.1 judges by the scope of a binding in the place
 * of the policy's, also where the binding has none, and then judges everything; so each gets both. The resources are the
 * policy's: a binding that names fewer is taken to name these.
 */
export function withBothScopes(policy: Mapping, bindings: readonly Mapping[]): Mapping[] {
  const ofPolicy = mapAt(policy, 'spec', 'matchConstraints');
  return bindings.map((binding) => {
    const { paramRef: _paramRef, ...spec } = mapAt(binding, 'spec');
    const own = mapAt(spec, 'matchResources');
    const excluded = [ofPolicy, own].flatMap((scope) => listAt(scope, 'excludeResourceRules'));
    const scope = {
      resourceRules: [...listAt(ofPolicy, 'resourceRules')],
      ...(excluded.length > 0 && { excludeResourceRules: excluded }),
      namespaceSelector: both(mapAt(ofPolicy, 'namespaceSelector'), mapAt(own, 'namespaceSelector')),
      objectSelector: both(mapAt(ofPolicy, 'objectSelector'), mapAt(own, 'objectSelector')),
    };
    return { ...binding, spec: { ...spec, matchResources: scope } };
  });
}

/** A selector that matches what both match. */
function both(one: Mapping, other: Mapping): { matchExpressions: GoYamlValue[] } {
  const expressions = [one, other].flatMap((selector) => [
    ...Object.entries(mapAt(selector, 'matchLabels')).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...listAt(selector, 'matchExpressions').filter(isMap),
  ]);
  return { matchExpressions: expressions };
}
