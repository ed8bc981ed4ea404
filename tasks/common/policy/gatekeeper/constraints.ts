import { type Mapping, mapAt, textAt } from '../objects.ts';
import { kindOf } from './policies.ts';

/**
 * A constraint as gator gets it. What is done about a violation is decided here, so that each is told; and pods that were
 * made of workloads are given as objects of their own, so `source` must not tell them from others.
 */
export function withoutScope(constraint: Mapping): Mapping {
  const { enforcementAction: _action, scopedEnforcementActions: _scoped, ...spec } = mapAt(constraint, 'spec');
  const { source: _source, ...match } = mapAt(spec, 'match');
  return { ...constraint, spec: { ...spec, match } };
}

/** Whether a constraint is for pods that workloads make, and for no others. */
export const isForGenerated = (constraint: Mapping): boolean =>
  textAt(constraint, 'spec', 'match', 'source') === 'Generated';

/** What stands behind the name of a constraint that is there without its exclusions, too. */
const wholeScope = '.without-exclusions';

/**
 * The constraint with its scope alone, for a template that finds a violation in everything; where it excludes namespaces, a
 * second time without that, by which it is known what the exclusion takes out.
 */
export function scopesOf(constraint: Mapping): Mapping[] {
  const { excludedNamespaces, ...match } = mapAt(withoutScope(constraint), 'spec', 'match');
  const named = (name: string, scope: Mapping): Mapping => {
    const { apiVersion = '', kind = '' } = constraint;
    return { apiVersion, kind, metadata: { name }, spec: { match: { ...scope } } };
  };
  const name = textAt(constraint, 'metadata', 'name');
  if (excludedNamespaces === undefined) return [named(name, match)];
  return [named(name, { ...match, excludedNamespaces }), named(`${name}${wholeScope}`, match)];
}

/** The name of the constraint that a match is of, and whether its exclusions were left out. */
export function scopeNamed(name: string): { readonly constraint: string; readonly isWhole: boolean } {
  const isWhole = name.endsWith(wholeScope);
  return { constraint: isWhole ? name.slice(0, -wholeScope.length) : name, isWhole };
}

/**
 * A template of the same constraints that finds a violation in every object: by it gator itself tells what a constraint
 * matches, which it does not tell otherwise.
 */
export function matchingAll(template: Mapping): Mapping {
  return {
    apiVersion: 'templates.gatekeeper.sh/v1',
    kind: 'ConstraintTemplate',
    metadata: { name: kindOf(template).toLowerCase() },
    spec: {
      crd: { spec: { names: { kind: kindOf(template) } } },
      targets: [
        {
          target: 'admission.k8s.gatekeeper.sh',
          rego: 'package matched\nviolation[{"msg": "matched"}] { true }\n',
        },
      ],
    },
  };
}

/** As much of an object as matching looks at: gator repeats the object with every violation. */
export function labelled(object: Mapping): Mapping {
  const { name, namespace, labels } = mapAt(object, 'metadata');
  const metadata = {
    name: name ?? '',
    ...(namespace !== undefined && { namespace }),
    ...(labels !== undefined && { labels }),
  };
  return { apiVersion: object['apiVersion'] ?? '', kind: object['kind'] ?? '', metadata };
}
