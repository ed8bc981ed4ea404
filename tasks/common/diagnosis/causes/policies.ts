import { quoted, told, word } from '../words.ts';
import { inParts, refusals, refused } from './admission.ts';
import type { Cause, Found } from './cause.ts';

/** Gatekeeper's denials, one for each constraint: `[azurepolicy-k8sazurev2noprivilege-66d7b5b2] message` (gatekeeper, pkg/webhook/policy.go). */
interface Denial {
  readonly constraint: string;
  readonly message: string;
}

function denialsIn(said: string): Denial[] {
  const [, list = said] = said.split('denied the request: ');
  const marks = [...list.matchAll(/\[(?:denied by )?([\w.-]{1,253})\] /g)].slice(0, 10);
  return marks.map((mark, index) => ({
    constraint: mark[1] ?? '',
    message: list.slice(mark.index + mark[0].length, marks[index + 1]?.index).trim(),
  }));
}

/** A constraint's name without its prefix and its hash, which is what people find in the portal. */
const policyOf = (constraint: string): string => constraint.replace(/^azurepolicy-/, '').replace(/-[\da-f]{8,40}$/, '');

/**
 * Which field the built-in definitions of Azure Policy look at, by their templates' names (Azure/azure-policy,
 * built-in-policies), of which a constraint's name has the first thirty letters.
 */
const fields: readonly (readonly [RegExp, string])[] = [
  [/no-?privilege-?esc/, 'securityContext.allowPrivilegeEscalation: false'],
  [/no-?privilege/, 'securityContext.privileged: false'],
  [/read-?only-?root/, 'securityContext.readOnlyRootFilesystem: true'],
  [/allowed-?imag/, 'image.repository (a registry that the policy allows)'],
  [/container-?limits/, 'resources.limits within those of the policy'],
  [/resource-?requests/, 'resources.requests'],
  [/capabilities/, 'securityContext.capabilities'],
  [/users-?groups/, 'securityContext.runAsUser, runAsGroup and fsGroup'],
  [/host-?network/, 'hostNetwork and hostPort'],
  [/host-?namespace/, 'hostPID and hostIPC'],
  [/host-?file|host-?path/, 'volumes with hostPath'],
  [/enforceprob/, 'livenessProbe and readinessProbe'],
  [/restrictedi/, 'imagePullSecrets'],
  [/antiaffinity/, 'affinity.podAntiAffinity or topologySpreadConstraints'],
  [/blockdefault/, 'another namespace than default'],
  [/automount/, 'automountServiceAccountToken: false'],
  [/seccomp/, 'securityContext.seccompProfile'],
  [/httpsonly/, 'tls of the Ingress'],
  [/loadbalancer-?nopub/, 'the annotation service.beta.kubernetes.io/azure-load-balancer-internal of the Service'],
  [/allowed-?ports/, 'ports'],
  [/labels/, 'metadata.labels'],
];

/** The field that a denial is about: as its message names it, else by the policy's name. */
function fieldOf({ constraint, message }: Denial): string | undefined {
  return fields.find(([name]) => name.test(constraint))?.[1] ?? fieldIn(message);
}

/** A path of fields within a message, such as `spec.replicas`. */
export function fieldIn(message: string): string | undefined {
  return /\b(?:object\.)?((?:spec|metadata|securityContext|resources)(?:\.[\w[\]*]{1,60}){1,10})/.exec(message)?.[1];
}

/** Where the next one is told before anything is deployed. */
export const toldBefore = (engine: 'gatekeeper' | 'kyverno'): string =>
  `PolicyCheck@1 (engine: ${engine}) with this policy tells it in CI already.`;

export const azurePolicy: Cause = {
  id: 'azure-policy',
  rank: 'admission',
  evidence: 'A refusal by the webhook `validation.gatekeeper.sh`, of which one may hold several denials',
  remedy: 'The field that the policy is about, or an exemption from it',
  marks: refusals(
    /admission webhook "validation\.gatekeeper\.sh" denied the request: (?<denials>\[[^\]]{1,280}\] [^]{1,3500})/,
  ),
  what: (found) => {
    const denials = denialsIn(found.signal.text);
    const [first] = denials;
    const more = denials.length > 1 ? ` (and ${denials.length - 1} more)` : '';
    return `Azure Policy ${quoted(policyOf(first?.constraint ?? ''))} refuses ${refused(found)}: ${told(first?.message ?? found.groups['denials'] ?? '')}${more}.`;
  },
  fix: (found) => {
    const denials = denialsIn(found.signal.text);
    const set = [...new Set(denials.flatMap((denial) => fieldOf(denial) ?? []))];
    const names = denials.map(({ constraint }) => quoted(constraint)).join(', ');
    const change =
      set.length === 0
        ? "Change what the message names in the chart's values"
        : `Set in the chart's values: ${set.map((each) => told(each, 200)).join('; ')}`;
    return `${change}. If it has to be so, ask the owner of the assignment for an exemption (az policy exemption create) from ${names}. ${toldBefore('gatekeeper')}`;
  },
  command: (found) => {
    const [first] = denialsIn(found.signal.text);
    return `kubectl get constraints --field-selector metadata.name=${word(first?.constraint ?? '', 'policy')} --output yaml`;
  },
  canMend: false,
  besides: (found) =>
    inParts(
      found,
      denialsIn(found.signal.text).map(({ constraint, message }) => `[${constraint}] ${message}`),
    ),
};

export const admissionPolicy: Cause = {
  id: 'admission-policy',
  rank: 'admission',
  evidence: 'A refusal by a ValidatingAdmissionPolicy, or by a webhook that checks',
  remedy: 'What its message asks for',
  marks: refusals(
    /ValidatingAdmissionPolicy '(?<policy>[^']{1,253})'(?: with binding '(?<binding>[^']{1,253})')? denied request: (?<message>[^]{1,1500})|admission webhook "(?<webhook>[^"]{1,253})" denied the request: (?<said>[^]{1,1500})/,
  ),
  what: (found) => {
    const { policy, binding, message = '', webhook = '', said = '' } = found.groups;
    if (!policy) return `The webhook ${quoted(webhook)} refuses ${refused(found)}: ${told(said)}.`;
    const bound = binding ? ` (binding ${quoted(binding)})` : '';
    return `ValidatingAdmissionPolicy ${quoted(policy)}${bound} refuses ${refused(found)}: ${told(message)}.`;
  },
  fix: (found) => {
    const { policy, message = '', said = '' } = found.groups;
    const path = fieldIn(message || said);
    const change = path === undefined ? 'Change what the message names' : `Change ${told(path, 200)}`;
    return policy
      ? `${change} in the chart's values so that it fits, or ask the owner of ValidatingAdmissionPolicyBinding ${quoted(found.groups['binding'] || policy)} for an exception. ${toldBefore('kyverno')}`
      : `${change} in the chart's values so that it fits, or ask the owner of the policy engine for an exception.`;
  },
  command: (found: Found) =>
    found.groups['policy']
      ? `kubectl get validatingadmissionpolicy ${word(found.groups['policy'], 'policy')} --output yaml`
      : 'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
  canMend: false,
};
