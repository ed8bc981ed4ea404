import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import type { GoYamlValue } from '../../go/yaml.ts';
import { isMap, listAt, type Mapping, mapAt, textAt } from '../objects.ts';
import type { Policy } from '../policies.ts';

type Facts = Pick<Policy, 'kind' | 'name' | 'source'>;

/** What rules do besides validating. */
const otherWork: Readonly<Record<string, string>> = {
  mutate: 'changes objects',
  generate: 'makes other objects',
  verifyImages: 'asks registries for signatures of images',
};

/** Where a rule gets data that no manifest has. */
const otherData: Readonly<Record<string, string>> = {
  apiCall: 'asks an API (apiCall)',
  globalReference: 'asks for a GlobalContextEntry (globalReference)',
  configMap: 'reads a ConfigMap of the cluster (configMap)',
  imageRegistry: 'asks a registry (imageRegistry)',
};

/**
 * A policy of rules, ClusterPolicy or Policy. The engine gets those that validate and need nothing but the objects.
 * @throws TaskError for one without rules, which Kyverno passes over in silence
 */
export function rulePolicy(
  value: Mapping,
  { kind, name, source }: Facts,
): Pick<Policy, 'document' | 'unchecked' | 'rules' | 'denies'> {
  const spec = mapAt(value, 'spec');
  const rules = listAt(spec, 'rules').filter(isMap);
  if (rules.length === 0) {
    throw new TaskError(
      `The ${kind} ${shown(name)} in ${source} has no rules (spec.rules), so it would check nothing: correct it, or take it away.`,
    );
  }
  const reasons = rules.map((rule) => reasonIn(rule, `its rule ${shown(textAt(rule, 'name'))}`));
  const checked = rules.filter((_rule, index) => reasons[index] === undefined);
  const names = new Set(checked.map((rule) => textAt(rule, 'name')));
  const denying = new Set(checked.filter((rule) => isEnforced(spec, rule)).map((rule) => textAt(rule, 'name')));
  return {
    document: checked.length === 0 ? undefined : { ...value, spec: { ...spec, rules: checked } },
    unchecked: reasons.filter((reason) => reason !== undefined),
    rules: [...names],
    // Of a rule that Kyverno made itself the strictest counts.
    denies: (rule) => denying.has(rule) || (denying.size > 0 && !names.has(rule)),
  };
}

function reasonIn(rule: Mapping, subject: string): string | undefined {
  const work = Object.keys(otherWork).find((name) => rule[name] !== undefined && rule[name] !== null);
  if (work !== undefined) return `${subject} ${otherWork[work]} (${work})`;
  const data = Object.keys(otherData).find((name) => isInContext(rule, name));
  if (data !== undefined) return `${subject} ${otherData[data]}`;
  return mapAt(rule, 'validate')['manifests'] === undefined ? undefined : `${subject} checks signatures (manifests)`;
}

/** Whether a list `context`, of the rule or anywhere below it, has an entry with this field. */
function isInContext(value: GoYamlValue | undefined, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => isInContext(item, name));
  if (!isMap(value)) return false;
  const entries = listAt(value, 'context').filter(isMap);
  return (
    entries.some((entry) => entry[name] !== undefined) || Object.values(value).some((each) => isInContext(each, name))
  );
}

/** Kyverno refuses nothing unless told so; where that depends on the namespace, one that refuses decides. */
function isEnforced(spec: Mapping, rule: Mapping): boolean {
  const validate = mapAt(rule, 'validate');
  const own = textAt(validate, 'failureAction') || textAt(spec, 'validationFailureAction');
  const overrides = [
    ...listAt(validate, 'failureActionOverrides'),
    ...listAt(spec, 'validationFailureActionOverrides'),
  ].map((override) => textAt(override, 'action'));
  return [own, ...overrides].some((action) => /^enforce$/i.test(action));
}
