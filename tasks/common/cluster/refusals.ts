import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { actionOf, type ApiAction } from './api-path.ts';
import { explainProxy, explainTenants, hostOf } from './errors.ts';
import type { KubernetesObject } from './objects.ts';
import type { OpenCluster } from './open-cluster.ts';

/** What came back: the API server's own answer, or that of something in between, such as a proxy. */
export interface ApiAnswer {
  readonly status: number;
  /** Undefined when it was not the API server that answered. */
  readonly object: KubernetesObject | undefined;
}

/** The API server refused. Its message is for people already. */
export class ApiRefusal extends TaskError {
  /** HTTP status, such as 403, 409 (conflict), 410 (too old a version), 422 (invalid). */
  readonly status: number;
  /** Kubernetes' word for it, such as AlreadyExists; empty where it said none. */
  readonly reason: string;
  /** What the API server said, shortened and safe to show. */
  readonly said: string;

  constructor(message: string, { status, reason, said }: { status: number; reason: string; said: string }) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.said = said;
  }
}

/** Why a request was not done. @param method and path as they were sent */
export function explainRefusal(
  { status, object }: ApiAnswer,
  { method, path }: { readonly method: string; readonly path: string },
  cluster: OpenCluster,
): TaskError {
  if (object === undefined) return explainProxy(status, cluster);
  const { message, reason } = object;
  const said = typeof message === 'string' && message !== '' ? visible(message, 400) : 'it gave no reason';
  const fields = { status, reason: typeof reason === 'string' ? visible(reason) : '', said };
  const refusal = (text: string): ApiRefusal => new ApiRefusal(text, fields);
  const host = hostOf(cluster);
  if (status === 401) return refusal(unauthorized(host, cluster));
  const action = actionOf(method, path);
  if (action === undefined || status >= 500) return refusal(`The API server ${host} failed (HTTP ${status}): ${said}`);
  if (status === 403 && lacksRight(said)) return refusal(forbidden(action, host, said));
  return refusal(`The API server ${host} refused to ${shownAction(action)} (HTTP ${status}): ${said}`);
}

function unauthorized(host: string, cluster: OpenCluster): string {
  const { user } = cluster.access;
  if (user.kind === 'local' && user.certificate === undefined) {
    return (
      `The API server ${host} does not accept the token in the kubeconfig (HTTP 401): it has ended or was revoked; sign in ` +
      'anew in the step that makes the kubeconfig.'
    );
  }
  if (user.kind === 'local') {
    return (
      `The API server ${host} does not accept the cluster's own credential (HTTP 401): its certificates may be being ` +
      'rotated; run the step again.'
    );
  }
  if (user.kind === 'program') {
    const program = cluster.exec === undefined ? 'its program' : visible(cluster.exec.command, 200);
    return (
      `The API server ${host} does not accept the token of ${program} (HTTP 401): check whom it signs in as, that the cluster ` +
      'takes its tokens, and the clock of the agent.'
    );
  }
  const tenant = user.tenantId === undefined ? 'its own tenant' : `tenant ${user.tenantId}`;
  const cause =
    explainTenants(cluster) ??
    `the cluster takes tokens of ${tenant} only; use a service connection of that tenant, and check the clock of the agent`;
  return `The API server ${host} does not accept the identity's token (HTTP 401): ${cause}.`;
}

/** Policies, quotas and webhooks answer 403 as well, and no role helps against them. */
const lacksRight = (said: string): boolean =>
  /\bcannot [a-z]+ (?:resource|path)\b|\bdoes not have access\b/i.test(said);

/** A right that is missing, and what gives it, with Azure RBAC and with Kubernetes' own. */
function forbidden(action: ApiAction, host: string, said: string): string {
  const { verb, group, resource, namespace } = action;
  const scope =
    namespace === undefined
      ? 'on the cluster'
      : `on the cluster or on its namespace (…/managedClusters/…/namespaces/${visible(namespace)})`;
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const groupName = group === '' ? 'of the core group' : `of group ${visible(group)}`;
  return (
    `The API server ${host} knows the identity, but it may not ${shownAction(action)} (HTTP 403: ${said}). With Azure RBAC ` +
    `give it '${azureRole(action)}' ${scope}; with Kubernetes RBAC bind it there to a ${kind} that allows ${verb} on ` +
    `${visible(resource)} ${groupName}.`
  );
}

/**
 * The least of AKS's built-in roles that allows it (learn.microsoft.com, "Azure built-in roles for Containers"): Reader sees
 * no Secrets, Writer changes no roles, and objects of the whole cluster are for its administrator.
 */
function azureRole({ verb, group, resource, namespace }: ApiAction): string {
  const role = 'Azure Kubernetes Service RBAC';
  const reads = ['get', 'list', 'watch'].includes(verb);
  if (namespace === undefined) return `${role} ${reads && resource === 'namespaces' ? 'Reader' : 'Cluster Admin'}`;
  if (group === 'rbac.authorization.k8s.io') return `${role} Admin`;
  return `${role} ${reads && resource !== 'secrets' ? 'Reader' : 'Writer'}`;
}

function shownAction({ verb, resource, namespace, name }: ApiAction): string {
  const what = name === undefined ? visible(resource) : `${visible(resource)} '${visible(name)}'`;
  return namespace === undefined ? `${verb} ${what}` : `${verb} ${what} in namespace '${visible(namespace)}'`;
}
