import type { User } from './authentication.ts';
import type { Cluster } from './cluster.ts';

/** Something that a user wants to do. */
export interface Action {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
}

/** Says why an authorizer refused, in the words of AKS with Azure RBAC. */
export const refusalReason =
  'User does not have access to the resource in Azure. Update role assignment to allow access.';

const reading = new Set(['get', 'list', 'watch']);

/** What writers may read at most. */
const limits = new Set(['namespaces', 'limitranges', 'resourcequotas']);

/** What no role for namespaces reaches. */
const ofCluster = new Set(['nodes', 'customresourcedefinitions']);

/** What tells why a roll-out fails. */
const telling = new Set(['events', 'pods/log']);

const isOfRoles = ({ group }: Action): boolean => group === 'rbac.authorization.k8s.io';
const isOfNamespaces = ({ resource }: Action): boolean => !ofCluster.has(resource);
const reads = ({ verb }: Action): boolean => reading.has(verb);

/** What the Azure roles for the data plane allow; none of those for namespaces reaches the cluster's own resources. */
const rolePermits: Readonly<Record<string, (action: Action) => boolean>> = {
  'Azure Kubernetes Service RBAC Reader': (action) =>
    isOfNamespaces(action) && reads(action) && !isOfRoles(action) && !['secrets', 'leases'].includes(action.resource),
  'Azure Kubernetes Service RBAC Writer': (action) =>
    isOfNamespaces(action) && !isOfRoles(action) && (reads(action) || !limits.has(action.resource)),
  'Azure Kubernetes Service RBAC Admin': (action) =>
    isOfNamespaces(action) &&
    !action.resource.startsWith('clusterrole') &&
    (reads(action) || !['namespaces', 'resourcequotas'].includes(action.resource)),
  'Azure Kubernetes Service RBAC Cluster Admin': () => true,
  // A custom role, whose author did not think of Leases.
  'Contoso Deployer': (action) =>
    !isOfRoles(action) && action.resource !== 'leases' && (reads(action) || !limits.has(action.resource)),
  // One whose author thought of what helm needs, and of nothing that tells why it fails.
  'Contoso Blind Deployer': (action) =>
    isOfNamespaces(action) &&
    !isOfRoles(action) &&
    !telling.has(action.resource) &&
    (reads(action) || !limits.has(action.resource)),
};

/** Whether an Azure role of the user, on the cluster or on the action's namespace, allows the action. */
export function isAllowed(user: User, action: Action, cluster: Cluster): boolean {
  if (user.groups.includes('system:masters')) return true;
  const ofNamespace = action.namespace === undefined ? [] : [`${cluster.name}/namespaces/${action.namespace}`];
  const scopes = [cluster.name, ...ofNamespace];
  return user.roles.some(({ role, scope }) => scopes.includes(scope) && (rolePermits[role]?.(action) ?? false));
}

/** The message of the API server's 403. */
export function refusalText(user: User, { verb, group, resource, namespace }: Action): string {
  const place = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return (
    `${resource} is forbidden: User "${user.name}" cannot ${verb} resource "${resource}" ` +
    `in API group "${group}" ${place}: ${refusalReason}`
  );
}
