import type { GoYamlValue } from '../../go/yaml.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { isMap, listAt, type Mapping, textAt } from '../objects.ts';
import type { Policy } from '../policies.ts';

type Facts = Pick<Policy, 'name' | 'source'>;

/**
 * What a template's code asks for that no manifest has. gator 3.23.1 does look up addresses and send requests, also where
 * Gatekeeper does not; and much of a request is empty there, by which rules about it would pass everything.
 */
const asking: readonly (readonly [RegExp, string])[] = [
  [/\bhttp\s*(\.\s*send\b|\[\s*["`]send["`])/, 'its template asks a web address (http.send)'],
  [
    /\bnet\s*(\.\s*lookup_ip_addr\b|\[\s*["`]lookup_ip_addr["`])/,
    'its template looks up addresses (net.lookup_ip_addr)',
  ],
  [
    /^(?=[\s\S]*\boperation\b)(?=[\s\S]*["'`]CREATE["'`])/,
    'its template asks whether an object is created (operation), which gator does not say',
  ],
  [/\buserInfo\b/, 'its template asks who sends an object (userInfo), which gator does not say'],
  [/\bnamespaceObject\b/, 'its template looks at the namespace (namespaceObject), which gator does not give'],
  [
    /\breview\s*\.\s*(resource|requestKind|requestResource|options)\b/,
    'its template asks how an object is sent (review.resource, review.options), which gator does not say',
  ],
  [/\bexternal_data\s*\(/, 'its template asks a provider of external data (external_data)'],
  [
    /\bdata\s*\.\s*inventory\b|\bdata\s*\[\s*["`]inventory["`]/,
    'its template looks at other objects of the cluster (data.inventory)',
  ],
];

/** Where a violation is acted upon that a deployment meets. */
const admission = ['*', 'validation.gatekeeper.sh', 'vap.k8s.io'];

/**
 * A constraint as a policy.
 * @throws TaskError for an action that Gatekeeper does not have
 */
export function constraintPolicy(
  value: Mapping,
  template: Mapping,
  facts: Facts,
): Pick<Policy, 'document' | 'unchecked' | 'rules' | 'denies'> {
  const code = codeOf(template);
  const unchecked = asking.filter(([call]) => call.test(code)).map(([, reason]) => reason);
  const isDenying = actionsOf(value, facts).includes('deny');
  return { document: unchecked.length === 0 ? value : undefined, unchecked, rules: [], denies: () => isDenying };
}

/** All of a template's code, whichever language it is in, without lines that are comments of Rego. */
function codeOf(template: Mapping): string {
  const targets = listAt(template, 'spec', 'targets').filter(isMap);
  const texts = textsIn(targets.map(({ rego, libs, code }) => [rego ?? '', libs ?? [], code ?? []]));
  return texts.join('\n').replaceAll(/^[ \t]*#.*$/gm, '');
}

function textsIn(value: GoYamlValue): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMap(value) ? Object.values(value).flatMap(textsIn) : [];
}

const knownActions = ['deny', 'warn', 'dryrun'];

/** @throws TaskError for an action that Gatekeeper does not have: gator 3.23.1 takes it, and counts no violation then */
function actionsOf(value: Mapping, { name, source }: Facts): string[] {
  const action = textAt(value, 'spec', 'enforcementAction') || 'deny';
  const scoped = listAt(value, 'spec', 'scopedEnforcementActions').filter(isMap);
  const met = scoped.filter((each) =>
    listAt(each, 'enforcementPoints').some((point) => admission.includes(textAt(point, 'name'))),
  );
  const actions = action === 'scoped' ? met.map((each) => textAt(each, 'action')) : [action];
  const unknown = actions.find((each) => !knownActions.includes(each));
  if (unknown === undefined) return actions;
  throw new TaskError(
    `${source}: the constraint ${shown(name)} has the enforcement action ${shown(unknown)}; Gatekeeper has ${knownActions.join(', ')} and scoped.`,
  );
}
