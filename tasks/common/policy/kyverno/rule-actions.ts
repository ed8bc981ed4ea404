import { matchesWildcard } from '../../text/wildcard.ts';
import { isMap, listAt, type Mapping, mapAt, textAt } from '../objects.ts';

/**
 * Whether a cluster refuses an object of a namespace for a rule. Kyverno refuses nothing unless told so, and nothing where the
 * policy is none for admission. The rule's own word goes before the policy's, and an override for the namespace before either; an
 * override that may be for it counts where it is the stricter (kyverno, pkg/engine/api/engineresponse.go).
 * @param namespace empty for an object of the whole cluster
 */
export function isEnforced(spec: Mapping, rule: Mapping, namespace: string): boolean {
  if (spec['admission'] === false) return false;
  const validate = mapAt(rule, 'validate');
  const ofRule = overridden(listAt(validate, 'failureActionOverrides'), namespace) ?? textAt(validate, 'failureAction');
  if (ofRule !== '') return isEnforce(ofRule);
  const ofPolicy = overridden(listAt(spec, 'validationFailureActionOverrides'), namespace);
  return isEnforce(ofPolicy ?? textAt(spec, 'validationFailureAction'));
}

const isEnforce = (action: string): boolean => /^enforce$/i.test(action);

/** The action of the first override that is for a namespace; undefined where there is none. */
function overridden(overrides: ReturnType<typeof listAt>, namespace: string): string | undefined {
  for (const override of overrides.filter(isMap)) {
    const action = textAt(override, 'action');
    const isFor = isForNamespace(override, namespace);
    if (isFor === 'yes' || (isFor === 'perhaps' && isEnforce(action))) return action;
  }
  return undefined;
}

function isForNamespace(override: Mapping, namespace: string): 'yes' | 'no' | 'perhaps' {
  const patterns = listAt(override, 'namespaces').filter((each) => typeof each === 'string');
  // In Kyverno a question mark stands for one character.
  const isNamed = patterns.some((pattern) => matchesWildcard(pattern.replaceAll('?', '*'), namespace));
  if (patterns.length > 0 && !isNamed) return 'no';
  const isSure = patterns.length > 0 && override['namespaceSelector'] === undefined;
  return isSure && !patterns.some((pattern) => pattern.includes('?')) ? 'yes' : 'perhaps';
}
