import { goJson } from '../../go/json.ts';
import type { GoYamlValue } from '../../go/yaml.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { listAt, type Mapping, mapAt, textAt, valueAt } from '../objects.ts';
import type { Policy } from '../policies.ts';
import { actionsOf, withBothScopes } from './bindings.ts';

type Facts = Pick<Policy, 'kind' | 'name' | 'source'>;

/**
 * What has no answer here: Kyverno's libraries of CEL that ask somebody (kyverno.io, CEL libraries), and who sends an object,
 * which kyverno 1.19.1 takes for nobody in a policy of Kubernetes.
 */
const asking: readonly (readonly [RegExp, string])[] = [
  [/\bresource\s*\.\s*(Get|List|Post)\s*\(/, 'it asks the API server (resource.…)'],
  [/\bhttp\s*\.\s*(Get|Post|Client)\s*\(/, 'it asks a web address (http.…)'],
  [/\bglobalContext\s*\.\s*Get\s*\(/, 'it asks for a GlobalContextEntry (globalContext.Get)'],
  [/\b(GetMetadata|imageData\s*\.\s*Get|verifyImageSignatures|verifyAttestationSignatures)\s*\(/, 'it asks registries'],
  [/\brequest\s*\.\s*userInfo\b/, 'it asks who sends an object (request.userInfo)'],
  [
    /\bnamespaceObject\b(?!\s*\.\s*metadata\s*\.\s*(name|labels)\b)/,
    'it looks at more of the namespace than its labels (namespaceObject)',
  ],
  [/\bauthorizer\s*\./, 'it asks what a user may do (authorizer)'],
];

/** What code in CEL asks that has no answer here, a clause each. @param code that is in it, in any form */
export function askedBy(code: Mapping): string[] {
  const text = goJson(code);
  return asking.filter(([call]) => call.test(text)).map(([, reason]) => reason);
}

/**
 * A policy of CEL expressions: ValidatingPolicy, NamespacedValidatingPolicy or ValidatingAdmissionPolicy.
 * @param bindings those of a ValidatingAdmissionPolicy
 * @throws TaskError for one without validations, which Kyverno passes over in silence
 */
export function celPolicy(
  value: Mapping,
  { kind, name, source }: Facts,
  bindings: readonly Mapping[],
): Pick<Policy, 'document' | 'bindings' | 'unchecked' | 'rules' | 'denies'> {
  const spec = mapAt(value, 'spec');
  const hasNotes = listAt(spec, 'auditAnnotations').length > 0;
  if (listAt(spec, 'validations').length === 0 && !hasNotes) {
    throw new TaskError(
      `The ${kind} ${shown(name)} in ${source} has no validations (spec.validations), so it would check nothing: correct it, or take ` +
        'it away.',
    );
  }
  const bound = actionsOf(bindings);
  const own = kind === 'ValidatingAdmissionPolicy' ? [] : listAt(spec, 'validationActions');
  const unchecked = reasonsIn(spec);
  const isNotAsked = valueAt(spec, 'evaluation', 'admission', 'enabled') === false;
  return {
    document: unchecked.length === 0 ? value : undefined,
    bindings: withBothScopes(value, bindings),
    unchecked,
    rules: [],
    // Without any, a policy denies, and so does one whose binding is made elsewhere.
    denies: (binding) => !isNotAsked && isDenying(bound.get(binding) ?? own),
  };
}

const isDenying = (actions: readonly GoYamlValue[]): boolean => actions.length === 0 || actions.includes('Deny');

function reasonsIn(spec: Mapping): string[] {
  const mode = textAt(spec, 'evaluation', 'mode');
  return [
    ...askedBy(spec),
    ...(mode === '' || mode === 'Kubernetes'
      ? []
      : [`it checks no objects of Kubernetes (evaluation.mode is ${shown(mode)})`]),
    ...(listAt(spec, 'validations').length > 0 ? [] : ['it refuses nothing, and only takes notes (auditAnnotations)']),
    ...(spec['paramKind'] === undefined ? [] : ['it takes parameters from objects of the cluster (paramKind)']),
  ];
}
