import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import type { ManifestDocument } from '../manifest.ts';
import { type Mapping, mapAt, textAt } from '../objects.ts';
import type { Policy, PolicySet } from '../policies.ts';
import { groupOf } from '../scopes.ts';
import { rulePolicy } from './rules.ts';
import { celPolicy } from './cel.ts';

/** Kinds that change, make or remove objects, or ask a registry; what each does that cannot be checked on manifests. */
const uncheckedKinds: readonly (readonly [RegExp, string])[] = [
  [/^(Namespaced)?MutatingPolicy$|^MutatingAdmissionPolicy$/, 'it changes objects'],
  [/^(Namespaced)?GeneratingPolicy$/, 'it makes other objects'],
  [/^(Namespaced)?(DeletingPolicy|CleanupPolicy)$|^ClusterCleanupPolicy$/, 'it removes objects from a cluster'],
  [/^(Namespaced)?ImageValidatingPolicy$/, 'it asks registries for signatures of images'],
];

/** Kinds that policies come with and that check nothing themselves. */
const companionKinds = /^(GlobalContextEntry|MutatingAdmissionPolicyBinding)$/;

const groups = ['kyverno.io', 'policies.kyverno.io', 'admissionregistration.k8s.io'];

/**
 * The policies and exceptions in documents. Kyverno 1.19.1 passes over a document that it cannot read without a word, so
 * all is read here first, and what is no policy is refused.
 * @throws TaskError for a document that is no policy of Kyverno's, one without rules, and two of the same name
 */
export function kyvernoPolicies(documents: readonly ManifestDocument[]): PolicySet {
  const bindings = documents.filter(({ value }) => textAt(value, 'kind') === 'ValidatingAdmissionPolicyBinding');
  const companions: Mapping[] = [];
  const policies = new Map<string, Policy>();
  for (const document of documents) {
    const kind = textAt(document.value, 'kind');
    if (bindings.includes(document) || companionKinds.test(kind)) continue;
    checkGroup(document);
    if (kind === 'PolicyException') {
      companions.push(document.value);
      continue;
    }
    const policy = policyIn(
      document,
      bindings.map(({ value }) => value),
    );
    const known = policies.get(`${kind} ${policy.name}`);
    if (known !== undefined) {
      throw new TaskError(
        `The ${kind} ${shown(policy.name)} stands in ${known.source} and again in ${policy.source}; a cluster keeps one of ` +
          'that name, so take one away or rename it.',
      );
    }
    policies.set(`${kind} ${policy.name}`, policy);
  }
  return { policies: [...policies.values()], companions };
}

function checkGroup({ value, source }: ManifestDocument): void {
  const [apiVersion, kind] = [textAt(value, 'apiVersion'), textAt(value, 'kind')];
  if (groups.includes(groupOf(apiVersion))) return;
  const other = groupOf(apiVersion).endsWith('gatekeeper.sh');
  throw new TaskError(
    `${source} holds ${shown(`${kind || 'a document without kind'} (${apiVersion || 'no apiVersion'})`)}, which is no policy of Kyverno` +
      (other
        ? ' but one of Gatekeeper: check it with the engine gatekeeper.'
        : ': correct it, or take it out of the policies.'),
  );
}

function policyIn({ value, source }: ManifestDocument, bindings: readonly Mapping[]): Policy {
  const kind = textAt(value, 'kind');
  const metadata = mapAt(value, 'metadata');
  const namespace = textAt(metadata, 'namespace');
  const isOfNamespace = kind === 'Policy' || kind.startsWith('Namespaced') || kind === 'CleanupPolicy';
  const own = textAt(metadata, 'name');
  if (own === '') throw new TaskError(`${source} holds a ${shown(kind)} without a name (metadata.name).`);
  if (isOfNamespace && namespace === '') {
    throw new TaskError(
      `The ${kind} ${shown(own)} in ${source} names no namespace (metadata.namespace), whose objects it is about.`,
    );
  }
  const name = isOfNamespace ? `${namespace}/${own}` : own;
  const severity = textAt(metadata, 'annotations', 'policies.kyverno.io/severity');
  const facts = { kind, name, source, severity };
  const reason = uncheckedKinds.find(([kinds]) => kinds.test(kind))?.[1];
  if (reason !== undefined)
    return { ...facts, document: undefined, unchecked: [reason], rules: [], denies: () => true };
  if (kind === 'ClusterPolicy' || kind === 'Policy') return { ...facts, ...rulePolicy(value, facts) };
  if (/^((Namespaced)?ValidatingPolicy|ValidatingAdmissionPolicy)$/.test(kind)) {
    const bound = bindings.filter((binding) => textAt(binding, 'spec', 'policyName') === own);
    return { ...facts, ...celPolicy(value, facts, kind === 'ValidatingAdmissionPolicy' ? bound : []) };
  }
  throw new TaskError(
    `${source} holds ${shown(own)} of the kind ${shown(kind)}, which Kyverno does not have in ${textAt(value, 'apiVersion')}: check its ` +
      'spelling. Kyverno itself would pass over it without a word.',
  );
}
