import { called, describe, kubectl, quoted, told, word } from '../words.ts';
import type { Cause, Found, Mark } from './cause.ts';

/** On AKS with Entra ID users are object ids. */
const isEntraId = (user = ''): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(user);

/** What helm itself is refused. */
export const helm = (pattern: RegExp): Mark[] => [{ sources: ['helm'], pattern }];

const deployerRole: Cause = {
  id: 'deployer-role',
  rank: 'apply',
  evidence: "Helm's `User … cannot <verb> resource`, or `attempting to grant RBAC permissions not currently held`",
  remedy:
    "`Azure Kubernetes Service RBAC Writer` for the service connection's identity, on the namespace or the cluster",
  marks: helm(
    /User "(?<user>[^"]{0,253})" cannot (?<verb>\w{1,20}) (?:resource|path) "(?<resource>[^"]{1,253})"(?: in API group "(?<group>[^"]{0,253})")?(?<whole> at the cluster scope)?|user "(?<granter>[^"]{0,253})"[^\n]{0,600}is attempting to grant RBAC permissions not currently held/,
  ),
  what: (found) => {
    const { user = '', verb = '', resource = '', granter } = found.groups;
    if (granter !== undefined && granter !== '')
      return `The identity ${quoted(granter)} may not create ${called(found.owner)}: it would give more rights than it has itself.`;
    if (user === 'system:anonymous')
      return `The API server does not know who deploys (system:anonymous), so it may not ${verb} ${told(resource, 100)}.`;
    const where = found.groups['whole'] ? 'in the whole cluster' : `in namespace ${quoted(found.owner.namespace)}`;
    const needs = found.owner.kind === 'Release' ? 'the release' : called(found.owner);
    return `The identity ${quoted(user)} may not ${verb} ${told(resource, 100)} ${where}, as ${needs} needs.`;
  },
  fix: (found) => {
    const { user, granter, group = '', whole } = found.groups;
    if (user === 'system:anonymous')
      return 'It is no missing role: the sign-in did not reach the cluster; check the kubeconfig or the service connection of the step.';
    if (whole)
      return "With Azure RBAC give the identity 'Azure Kubernetes Service RBAC Cluster Admin' on the cluster; with Kubernetes RBAC bind it to a ClusterRole with that verb. Or leave what belongs to the whole cluster to whoever runs it, and out of this chart.";
    if (granter || group === 'rbac.authorization.k8s.io')
      return "With Azure RBAC give the identity 'Azure Kubernetes Service RBAC Admin' on the cluster or the namespace ('… RBAC Cluster Admin' for ClusterRoles); with Kubernetes RBAC the verbs bind and escalate.";
    return "With Azure RBAC give the identity 'Azure Kubernetes Service RBAC Writer' on the cluster or the namespace ('… RBAC Cluster Admin' for objects of the whole cluster); with Kubernetes RBAC bind it to a Role with that verb.";
  },
  command: ({ groups, owner }) =>
    isEntraId(groups['user'])
      ? `az role assignment list --assignee ${groups['user']} --all --output table`
      : groups['verb'] && groups['resource']
        ? `kubectl auth can-i ${word(groups['verb'], 'verb')} ${resourceOf(groups)} --namespace ${word(owner.namespace, 'namespace')}`
        : `kubectl auth can-i --list --namespace ${word(owner.namespace, 'namespace')}`,
  canMend: true,
};

/** As kubectl wants it: behind a slash it takes a name, and no part such as `deployments/scale`. */
function resourceOf({ resource = '', group = '' }: Found['groups']): string {
  const [kind = '', part = ''] = resource.split('/');
  const whole = `${word(kind, 'resource')}${group === '' ? '' : `.${word(group, 'group')}`}`;
  return part === '' ? whole : `${whole} --subresource ${word(part, 'part')}`;
}

const foreignOwner: Cause = {
  id: 'foreign-owner',
  rank: 'apply',
  evidence: "Helm's `exists and cannot be imported into the current release: invalid ownership metadata`",
  remedy: 'Another name; `takeOwnership` only where it is meant',
  marks: helm(/invalid ownership metadata(?<how>[^]{0,1500})/),
  what: (found) => {
    const how = found.groups['how'] ?? '';
    const of = (part: string): string | undefined =>
      new RegExp(`release-${part}" must equal "[^"]{0,253}": current value is "(?<other>[^"]{1,253})"`).exec(how)
        ?.groups?.['other'];
    const [release, namespace] = [of('name'), of('namespace')];
    const owner = [release && `release ${quoted(release)}`, namespace && `a release of namespace ${quoted(namespace)}`];
    return `${called(found.owner)} is there already and belongs to ${owner.find((each) => each !== undefined) ?? 'no release of helm: somebody made it by other means'}.`;
  },
  fix: ({ owner }) =>
    `Choose another name (fullnameOverride, releaseName), or remove the other ${quoted(owner.name)}; set takeOwnership: true only if this release is to have it from now on.`,
  command: ({ owner }) => `${kubectl('get', owner)} --output jsonpath='{.metadata.annotations}'`,
  canMend: true,
};

const tooLarge: Cause = {
  id: 'release-too-large',
  rank: 'apply',
  evidence: "Helm's `must have at most 1048576`, `may not be more than 1048576`, `request is too large`, or status 413",
  remedy: '`.helmignore`; two charts of one',
  marks: helm(
    /(?:must have at most|may not be more than) 1048576|request is too large|Request entity too large|status code 413|body too large|larger than max/i,
  ),
  what: (found) =>
    found.owner.kind === 'Release'
      ? "The release is too large for helm's record of it: a Secret holds 1 MiB of compressed chart and manifests."
      : `${called(found.owner)} is too large: it may hold 1 MiB.`,
  fix: () =>
    'Keep what is no part of the chart out of it by .helmignore (documentation, tests, archives), move large files to an image or a volume, or split the chart.',
  command: () => 'helm package <chart> && tar -tvzf <chart>.tgz',
  canMend: true,
};

const outage: Cause = {
  id: 'api-outage',
  rank: 'apply',
  evidence:
    "Helm's words of an API server that does not answer: 429, 5xx, `TLS handshake timeout`, `unreachable`, `connection refused`",
  remedy: 'Deploy again; is the cluster stopped or being upgraded?',
  marks: helm(
    /(?<how>TLS handshake timeout|cluster unreachable|Unable to connect to the server|no such host|connection refused|connection reset by peer|i\/o timeout|http2: client connection lost|\bEOF\b|too many requests|TooManyRequests|etcdserver: (?:request timed out|leader changed|no leader)|Service ?Unavailable|currently unable to handle the request|Bad Gateway|Gateway Time-?out|an error on the server|was unable to return a response|proxyconnect)/i,
  ),
  applies: ({ signal }) => !/failed calling webhook|denied the request|Failed to pull/.test(signal.text),
  what: (found) =>
    `The API server did not answer helm as it should (${howOf(found)}); that says nothing of the application.`,
  fix: () =>
    'Run the step again; if it happens again, see whether the cluster is stopped, being upgraded, or overloaded, and whether the agent reaches it.',
  command: () =>
    'az aks show --name <cluster> --resource-group <group> --query "{power:powerState.code,state:provisioningState}"',
  canMend: true,
};

const howOf = ({ groups: { how = '' } }: Found): string =>
  how.endsWith('EOF') ? 'it cut the connection: EOF' : told(how);

const terminating: Cause = {
  id: 'namespace-terminating',
  rank: 'apply',
  evidence: 'A refusal with `because it is being terminated`',
  remedy: 'The finalizer that holds the namespace',
  marks: [
    ...helm(/namespace (?<namespace>[\w-]{1,63}) because it is being terminated|because it is being terminated/),
    { sources: ['event'], reasons: ['FailedCreate'], pattern: /because it is being terminated/ },
  ],
  what: (found: Found) =>
    `Nothing can be created in namespace ${quoted(found.groups['namespace'] || found.owner.namespace)}: it is being deleted.`,
  fix: () =>
    'Wait until it is gone, then deploy again. If it stays, its status names what is left: remove that, or the controller that should have removed its finalizer.',
  command: ({ owner }) => describe({ kind: 'Namespace', namespace: '', name: owner.namespace }),
  canMend: true,
};

export const applyCauses: readonly Cause[] = [outage, terminating, deployerRole, tooLarge, foreignOwner];
