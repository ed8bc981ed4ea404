import { goJson } from '../../go/json.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import type { GoYamlValue } from '../../go/yaml.ts';
import { isMap, listAt, type Mapping, mapAt, textAt } from '../objects.ts';
import type { Policy } from '../policies.ts';
import { askedBy } from './cel.ts';
import { isEnforced } from './rule-actions.ts';

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

/** Who sends an object, in a variable; kyverno 1.19.1 knows of nobody, and takes what is for some users to be for all. */
const sender =
  /\{\{[^{}]*(\brequest\s*\.\s*(userInfo|roles|clusterRoles)\b|(?<![\w.])serviceAccount(Name|Namespace)\b)/;

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
  const { webhookConfiguration, ...others } = spec;
  const isForSome = listAt(webhookConfiguration, 'matchConditions').length > 0;
  return {
    // kyverno 1.19.1 ends by conditions for the webhook (`nil pointer dereference`), and asks none of it anyway.
    document: checked.length === 0 ? undefined : { ...value, spec: { ...others, rules: checked } },
    unchecked: [
      ...reasons.filter((reason) => reason !== undefined),
      ...(isForSome ? ['its webhookConfiguration.matchConditions are not asked, so it is taken to be for all'] : []),
    ],
    rules: [...names],
    denies: (rule, namespace) => {
      const named = checked.filter((each) => textAt(each, 'name') === rule);
      // Of a rule that Kyverno made itself the strictest counts.
      return (named.length > 0 ? named : checked).some((each) => isEnforced(spec, each, namespace));
    },
  };
}

function reasonIn(rule: Mapping, subject: string): string | undefined {
  const work = Object.keys(otherWork).find((name) => rule[name] !== undefined && rule[name] !== null);
  if (work !== undefined) return `${subject} ${otherWork[work]} (${work})`;
  const data = Object.keys(otherData).find((name) => isInContext(rule, name));
  if (data !== undefined) return `${subject} ${otherData[data]}`;
  const validate = mapAt(rule, 'validate');
  if (validate['manifests'] !== undefined) return `${subject} checks signatures (manifests)`;
  if (isForUsers(mapAt(rule, 'match'))) return `${subject} is for some users alone (subjects, roles or clusterRoles)`;
  if (sender.test(goJson(rule))) return `${subject} asks who sends an object (such as request.userInfo)`;
  const [asked] = askedBy({ cel: mapAt(validate, 'cel'), conditions: [...listAt(rule, 'celPreconditions')] });
  if (asked !== undefined) return `${subject}: ${asked}`;
  const isWithParameters = mapAt(validate, 'cel')['paramKind'] !== undefined;
  return isWithParameters ? `${subject} takes parameters from objects of the cluster (paramKind)` : undefined;
}

function isForUsers(match: Mapping): boolean {
  const filters = [match, ...listAt(match, 'any'), ...listAt(match, 'all')];
  return filters.some((filter) =>
    ['subjects', 'roles', 'clusterRoles'].some((users) => listAt(filter, users).length > 0),
  );
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
