import { field, number, text, time } from '../../watching/fields.ts';
import { called, describe, kubectl, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import { logBesides } from './container-words.ts';

/** What is applied beside a workload may come seconds after it. In milliseconds. */
const grace = 20_000;

const missing: Cause = {
  id: 'config-missing',
  rank: 'config',
  evidence:
    'CreateContainerConfigError, an event FailedMount or FailedCreate that names a ConfigMap, a Secret, a key of one or a ServiceAccount',
  remedy: "Create it, or correct its name in the chart's values",
  marks: [
    {
      sources: ['waiting', 'event'],
      reasons: ['CreateContainerConfigError', 'FailedMount', 'Failed', 'FailedCreate'],
      pattern:
        /(?<kind>configmap|secret|serviceaccount) "(?<name>[^"]{1,253})" not found|couldn't find key (?<key>\S{1,253}) in (?<holder>ConfigMap|Secret) (?<path>\S{1,320})|references non-existent (?:config|secret) key: (?<item>\S{1,253})/i,
    },
  ],
  holds: (found) => !found.isOver && found.now.getTime() - begun(found) < grace,
  what: (found) => `${called(found.owner)} cannot start its pods: ${lacking(found)}.`,
  fix: (found) => {
    const { key, item } = found.groups;
    return key || item
      ? "Add the key, or correct its name in the chart's values (env valueFrom, volumes items)."
      : `Create it in namespace ${quoted(found.owner.namespace)} before the release, let the chart make it, or correct its name in the chart's values.`;
  },
  command: ({ groups: { kind = '', holder = '', path = '' }, signal: { name } }) => {
    const named = { ...name, kind: holder.toLowerCase(), name: path.split('/').at(-1) ?? '' };
    // Of a Secret it shows the keys, and no values.
    if (holder !== '') return describe(named);
    if (kind === '') return describe(name);
    return `kubectl get ${kind.toLowerCase()}s --namespace ${word(name.namespace, 'namespace')}`;
  },
  canMend: mayBeMade,
};

/**
 * Whether somebody may still make what is missing: the controller of a custom resource of the release (a Certificate, an
 * ExternalSecret, a SecretProviderClass), which takes minutes, or a Job that is at work. A key that is missing is added by them, too.
 */
function mayBeMade({ view: { customKinds, objects } }: Found): boolean {
  if (customKinds === undefined || customKinds.length > 0) return true;
  return objects.some(({ kind, status }) => kind === 'Job' && number(field(status, 'active')) > 0);
}

/** When somebody first missed it: what stands since before the run was asked for anew by it. In milliseconds. */
function begun({ signal: { object }, view: { since } }: Found): number {
  const made = time(object?.metadata.creationTimestamp) ?? since;
  return Math.max(made.getTime(), since.getTime());
}

const kinds: Readonly<Record<string, string>> = {
  configmap: 'ConfigMap',
  secret: 'Secret',
  serviceaccount: 'ServiceAccount',
};

function lacking({ groups }: Found): string {
  const { kind = '', name = '', key, holder = '', path = '', item } = groups;
  if (key) return `${holder} ${quoted(path.split('/').at(-1) ?? '')} has no key ${quoted(key)}`;
  if (item) return `a volume names the key ${quoted(item)}, which its ConfigMap or Secret does not have`;
  return `${kinds[kind.toLowerCase()] ?? ''} ${quoted(name)} does not exist`;
}

const keyVault: Cause = {
  id: 'key-vault-refused',
  rank: 'config',
  evidence: 'An event FailedMount of the Secrets Store CSI driver with 403, Forbidden or an AADSTS code',
  remedy:
    "`Key Vault Secrets User` for the identity of the SecretProviderClass, the vault's firewall, or the federated credential",
  marks: [
    {
      sources: ['event'],
      reasons: ['FailedMount'],
      pattern:
        /secrets store objects.*?(?<how>(?<code>AADSTS\d{4,8})|ForbiddenByFirewall|ForbiddenByRbac|\b403\b|Forbidden|AccessDenied|not authorized)/s,
    },
  ],
  what: (found) => {
    const vault =
      /https:\/\/([\w-]{1,30})\.vault\./.exec(found.signal.text)?.[1] ??
      /Vault: ([\w-]{1,30})/.exec(found.signal.text)?.[1];
    const which = vault === undefined ? 'Key Vault' : `Key Vault ${quoted(vault)}`;
    const { code } = found.groups;
    return code
      ? `${called(found.owner)} cannot mount its secrets: Entra ID does not sign in the identity of its SecretProviderClass (${code}).`
      : `${called(found.owner)} cannot mount its secrets: ${which} refuses the identity of its SecretProviderClass (${told(found.groups['how'] ?? '')}).`;
  },
  fix: (found) => {
    if (found.groups['code']) {
      return `Give the managed identity a federated credential with the subject ${quoted(subjectOf(found))} and the cluster's issuer (az identity federated-credential create), and check clientID and tenantId of the SecretProviderClass.`;
    }
    return /ByFirewall|not a trusted service|client address/i.test(found.signal.text)
      ? "Let the nodes' network through the vault's firewall (az keyvault network-rule add), or use a private endpoint."
      : "Give that identity the role 'Key Vault Secrets User' on the vault (az role assignment create); a vault with access policies needs the secret permission 'get' instead.";
  },
  command: ({ owner }) =>
    `kubectl get secretproviderclasses --namespace ${word(owner.namespace, 'namespace')} --output yaml`,
  canMend: true,
};

/** The subject by which Entra ID knows the pods of an object. */
function subjectOf({ signal }: Found): string {
  const account = text(field(signal.object?.['spec'], 'serviceAccountName')) || 'default';
  return `system:serviceaccount:${signal.name.namespace}:${account}`;
}

const useLabel = 'azure.workload.identity/use';

const workloadIdentity: Cause = {
  id: 'workload-identity',
  rank: 'config',
  evidence:
    'The log of a container that is not ready, with AADSTS70021, 700211, 700213, or that it has no workload identity',
  remedy: "The federated credential's subject and issuer; the label `azure.workload.identity/use` of the pods",
  marks: [
    { sources: ['log'], pattern: /(?<code>AADSTS(?:700211|700213|70021)\b)/ },
    {
      sources: ['log'],
      pattern:
        /WorkloadIdentityCredential(?:: | authentication )[^\n]{0,80}(?:unavailable|not (?:fully )?configured|no client ID)/,
    },
  ],
  applies: (found) => Boolean(found.groups['code']) || !hasLabel(found),
  what: (found) => {
    const { code } = found.groups;
    if (!hasLabel(found))
      return `${called(found.owner)} gets no token of Entra ID${code ? ` (${code})` : ''}: its pods lack the label ${quoted(useLabel)}.`;
    return `${called(found.owner)} gets no token of Entra ID (${code}): no federated credential of its identity has the subject ${quoted(subjectOf(found))} and the cluster's issuer.`;
  },
  fix: (found) =>
    hasLabel(found)
      ? `Create a federated credential with the subject ${quoted(subjectOf(found))} on the managed identity (az identity federated-credential create --issuer … --subject ${word(subjectOf(found), 'subject')}); a second credential does no harm.`
      : `Set the pod label '${useLabel}: "true"' in the chart's values (podLabels), and the annotation azure.workload.identity/client-id on ServiceAccount ${quoted(subjectOf(found).split(':').at(-1) ?? '')}.`,
  command: (found) =>
    hasLabel(found)
      ? 'az identity federated-credential list --resource-group <group> --identity-name <identity> --output table'
      : kubectl('get', found.signal.name) + ' --show-labels',
  canMend: true,
  besides: logBesides,
};

const hasLabel = ({ signal }: Found): boolean => signal.object?.metadata.labels?.[useLabel] === 'true';

/** What containers need before they can begin, or that they miss at once. */
export const configCauses: readonly Cause[] = [missing, keyVault, workloadIdentity];
