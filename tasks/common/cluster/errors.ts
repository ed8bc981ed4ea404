import { optionalText } from '../go/mapping.ts';
import type { ExecEntry } from '../kubelogin/exec-entry.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import type { ApiAnswer } from './api-server.ts';
import type { ClusterAccess } from './read-kubeconfig.ts';
import { firstLine } from '../text/lines.ts';
import { shortened } from '../text/shown.ts';

/** What a kubeconfig was made of, and how long its proof may take. */
export interface AccessProof {
  readonly access: ClusterAccess;
  readonly exec: ExecEntry | undefined;
  readonly proxyUrl: string | undefined;
  readonly namespace: string;
  /** The tenant of the service connection, where it says one. */
  readonly tenantId: string | undefined;
  readonly seconds: number;
}

/**
 * Why the API server could not be asked; what is no failure of the network stays as it is.
 * @param outOfTime true when the time for the proof was used up.
 */
export function explainConnection(error: unknown, proof: AccessProof, outOfTime: boolean): unknown {
  if (error instanceof TaskError) return error;
  const host = hostOf(proof);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = firstLine(messageOf(error));
  if (code === '' && !outOfTime) return error;
  if (outOfTime) {
    return new TaskError(`The API server ${host} did not answer within ${proof.seconds} s: ${unreachable}`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new TaskError(
      `The name ${host} of the API server cannot be resolved on this agent (${code}): ${unresolved(host)}`,
    );
  }
  if (/CERT|SIGNATURE|self.signed|altnames/i.test(`${code} ${message}`)) {
    return new TaskError(
      `The certificate that came from ${host} is not the cluster's (${code || message}): if a proxy inspects TLS, ` +
        'exclude the API server from it.',
    );
  }
  return new TaskError(`The API server ${host} could not be reached (${code || message}): ${unreachable}`);
}

/** Why the API server, or something on the way to it, refused. */
export function explainAnswer({ status, body }: ApiAnswer, proof: AccessProof): TaskError {
  const host = hostOf(proof);
  if (body === undefined) return explainProxy(status, host, proof.proxyUrl);
  if (status === 401) return explainUnauthorized(host, proof);
  const said = optionalText(body, 'message') ?? 'it gave no reason';
  if (status === 403) return explainForbidden(proof, undefined, said);
  return new TaskError(`The API server ${host} failed (HTTP ${status}): ${shortened(said, 400)}`);
}

/** Why the user may do nothing in the namespace. @param reason what the cluster said. */
export function explainForbidden(proof: AccessProof, user: string | undefined, reason: string | undefined): TaskError {
  const { namespace } = proof;
  return new TaskError(
    `The API server ${hostOf(proof)} knows ${user ?? 'the identity'}, but it may do none of what was asked in namespace ` +
      `'${namespace}', which is ${firstSteps.map(shownStep).join(', ')} ` +
      `(HTTP 403${reason === undefined ? '' : `: ${shortened(reason, 300)}`}). With Azure RBAC give it ` +
      "'Azure Kubernetes Service RBAC Writer' or 'Azure Kubernetes Service RBAC Admin' on the cluster or on its " +
      `namespace (…/managedClusters/…/namespaces/${namespace}), 'Azure Kubernetes Service RBAC Reader' to read only, ` +
      "'Azure Kubernetes Service RBAC Cluster Admin' to create namespaces; with Kubernetes RBAC bind it to a role there. " +
      'If it has a role that allows what your steps do, but none of these, set input verifyAccess to false.',
  );
}

/** What a delivery does first; whoever may do none of it cannot work in the namespace. */
export const firstSteps = [
  { verb: 'get', group: 'apps', resource: 'deployments' },
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'list', group: '', resource: 'secrets' },
] as const;

const shownStep = ({ verb, resource }: (typeof firstSteps)[number]): string => `${verb} ${resource}`;

/**
 * That a cluster takes tokens of another tenant than the service connection's: what Entra ID and the API server say to it
 * sends people to the wrong place. Undefined where both are of one tenant, or one is not known.
 */
export function explainTenants({ access: { user }, tenantId: own }: AccessProof): string | undefined {
  const wanted = user.kind === 'entra' ? user.tenantId : undefined;
  if (wanted === undefined || own === undefined || wanted.toLowerCase() === own.toLowerCase()) return undefined;
  return (
    `the cluster takes tokens of tenant ${wanted}, but the service connection belongs to tenant ${own}; use a service ` +
    `connection whose identity is of tenant ${wanted}`
  );
}

function explainUnauthorized(host: string, proof: AccessProof): TaskError {
  const { access } = proof;
  if (access.user.kind === 'local') {
    return new TaskError(
      `The API server ${host} does not accept the cluster's own credential (HTTP 401): its certificates may be being ` +
        'rotated; run the step again.',
    );
  }
  const tenant = access.user.tenantId === undefined ? 'its own tenant' : `tenant ${access.user.tenantId}`;
  const cause =
    explainTenants(proof) ??
    `the cluster takes tokens of ${tenant} only; use a service connection of that tenant, and check the clock of the agent`;
  return new TaskError(`The API server ${host} does not accept the identity's token (HTTP 401): ${cause}.`);
}

function explainProxy(status: number, host: string, proxyUrl: string | undefined): TaskError {
  if (proxyUrl === undefined) {
    return new TaskError(`Something other than an API server answers at ${host} (HTTP ${status}): ${unreachable}`);
  }
  const proxy = new URL(proxyUrl).host;
  return new TaskError(
    `The proxy ${proxy} did not reach the API server ${host} (HTTP ${status}): if the proxy is not meant for it, add ` +
      `the name to the agent's bypass list or NO_PROXY; otherwise ${isPrivate(host) ? privateCluster : unreachable}`,
  );
}

const privateCluster =
  'a private cluster is known only in its own network, so run the job on an agent there, or choose the name ' +
  'that the agent can resolve by input serverFqdn (public or private).';

/** Private clusters live in zones such as `privatelink.eastus.azmk8s.io` and `private.eastus.azmk8s.io`. */
const isPrivate = (host: string): boolean => /\.private(?:link)?\./i.test(host);

function unresolved(host: string): string {
  if (isPrivate(host)) return privateCluster;
  return (
    'a public name is gone while the cluster is stopped, and when it was deleted or created anew: start it (az aks start), ' +
    'or run the step again when it is there; if it runs, check the DNS of this agent.'
  );
}

const unreachable =
  'check that the cluster runs, that its authorized IP ranges include this agent, and that no firewall is between them.';

function hostOf({ access }: AccessProof): string {
  return new URL(access.server).hostname;
}
