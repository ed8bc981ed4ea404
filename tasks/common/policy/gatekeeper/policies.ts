import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import type { ManifestDocument } from '../manifest.ts';
import { type Mapping, textAt } from '../objects.ts';
import type { Policy, PolicySet } from '../policies.ts';
import { groupOf } from '../scopes.ts';
import { constraintPolicy } from './constraint-policy.ts';

const [templateGroup, constraintGroup] = ['templates.gatekeeper.sh', 'constraints.gatekeeper.sh'];

/** Objects of Gatekeeper that come with policies; what each does that cannot be checked on manifests, if it is a policy. */
const otherGroups: Readonly<Record<string, string | undefined>> = {
  'mutations.gatekeeper.sh': 'it changes objects',
  'config.gatekeeper.sh': undefined,
  'connection.gatekeeper.sh': undefined,
  'expansion.gatekeeper.sh': undefined,
  'externaldata.gatekeeper.sh': undefined,
  'match.gatekeeper.sh': undefined,
  'syncset.gatekeeper.sh': undefined,
};

/**
 * The constraints in documents, and the templates that they need. A template without a constraint is a policy that checks nothing.
 * @throws TaskError for a document that is none of Gatekeeper's, a constraint without its template, and two of the same name
 */
export function gatekeeperPolicies(documents: readonly ManifestDocument[]): PolicySet {
  const templates = templatesIn(documents);
  const policies = new Map<string, Policy>();
  const used = new Set<string>();
  for (const document of documents) {
    const { value, source } = document;
    const group = groupOf(textAt(value, 'apiVersion'));
    if (group === templateGroup) continue;
    if (group !== constraintGroup && !Object.hasOwn(otherGroups, group)) throw noPolicy(document);
    if (group !== constraintGroup && otherGroups[group] === undefined) continue;
    const reason = otherGroups[group];
    const facts = factsOf(document);
    const policy = reason === undefined ? constraint(document, facts, templates) : unchecked(facts, reason);
    used.add(policy.kind);
    const key = `${policy.kind} ${policy.name}`;
    const known = policies.get(key);
    if (known !== undefined)
      throw new TaskError(`${shown(key)} stands in ${known.source} and again in ${source}; take one away.`);
    policies.set(key, policy);
  }
  const idle = [...templates].filter(([kind]) => !used.has(kind));
  for (const [kind, template] of idle) policies.set(`ConstraintTemplate ${kind}`, idleTemplate(kind, template));
  return { policies: [...policies.values()], companions: [...templates.values()].map(({ value }) => value) };
}

/** By the kind of their constraints. */
function templatesIn(documents: readonly ManifestDocument[]): Map<string, ManifestDocument> {
  const templates = new Map<string, ManifestDocument>();
  for (const document of documents) {
    const { value, source } = document;
    if (groupOf(textAt(value, 'apiVersion')) !== templateGroup) continue;
    const kind = kindOf(value);
    if (kind === '')
      throw new TaskError(`${source} holds a ConstraintTemplate that names no kind (spec.crd.spec.names.kind).`);
    const known = templates.get(kind);
    if (known !== undefined)
      throw new TaskError(
        `The template of ${shown(kind)} stands in ${known.source} and again in ${source}; take one away.`,
      );
    templates.set(kind, document);
  }
  return templates;
}

/** The kind of the constraints that a template makes. */
export const kindOf = (template: Mapping): string => textAt(template, 'spec', 'crd', 'spec', 'names', 'kind');

function noPolicy({ value, source }: ManifestDocument): TaskError {
  const [apiVersion, kind] = [textAt(value, 'apiVersion'), textAt(value, 'kind')];
  const isOther = /(^|\.)kyverno\.io$/.test(groupOf(apiVersion));
  return new TaskError(
    `${source} holds ${shown(`${kind || 'a document without kind'} (${apiVersion || 'no apiVersion'})`)}, which is nothing of Gatekeeper` +
      (isOther
        ? ' but a policy of Kyverno: check it with the engine kyverno.'
        : ': correct it, or take it out of the policies.'),
  );
}

type Facts = Pick<Policy, 'kind' | 'name' | 'source' | 'severity'>;

function factsOf({ value, source }: ManifestDocument): Facts {
  const [kind, name] = [textAt(value, 'kind'), textAt(value, 'metadata', 'name')];
  if (kind === '' || name === '')
    throw new TaskError(`${source} holds a policy without ${kind === '' ? 'kind' : 'a name (metadata.name)'}.`);
  return { kind, name, source, severity: '' };
}

function unchecked(facts: Facts, reason: string): Policy {
  return { ...facts, document: undefined, unchecked: [reason], rules: [], denies: () => true };
}

function constraint(
  { value }: ManifestDocument,
  facts: Facts,
  templates: ReadonlyMap<string, ManifestDocument>,
): Policy {
  const template = templates.get(facts.kind);
  if (template !== undefined) return { ...facts, ...constraintPolicy(value, template.value, facts) };
  throw new TaskError(
    `${facts.source} holds the constraint ${shown(facts.name)} of the kind ${shown(facts.kind)}, whose ConstraintTemplate is not among the ` +
      'policies: add it.',
  );
}

function idleTemplate(kind: string, { source }: ManifestDocument): Policy {
  const facts = { kind: 'ConstraintTemplate', name: kind, source, severity: '' };
  return unchecked(facts, 'no constraint among the policies uses this template');
}
