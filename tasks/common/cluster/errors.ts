import { messageOf, TaskError } from '../task/outcome.ts';
import { firstLine } from '../text/lines.ts';
import type { OpenCluster } from './open-cluster.ts';

/**
 * Why the API server could not be asked; what is no failure of the network stays as it is.
 * @param seconds the time for it, when that was used up.
 */
export function explainConnection(error: unknown, cluster: OpenCluster, seconds?: number): unknown {
  if (error instanceof TaskError) return error;
  const host = hostOf(cluster);
  if (seconds !== undefined) {
    return new TaskError(`The API server ${host} did not answer within ${Math.ceil(seconds)} s: ${unreachable}`);
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = firstLine(messageOf(error));
  if (code === '') return error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new TaskError(
      `The name ${host} of the API server cannot be resolved on this agent (${code}): ${unresolved(host, cluster)}`,
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

/**
 * That a cluster takes tokens of another tenant than the service connection's: what Entra ID and the API server say to it
 * sends people to the wrong place. Undefined where both are of one tenant, or one is not known.
 */
export function explainTenants({ access: { user }, tenantId: own }: OpenCluster): string | undefined {
  const wanted = user.kind === 'entra' ? user.tenantId : undefined;
  if (wanted === undefined || own === undefined || wanted.toLowerCase() === own.toLowerCase()) return undefined;
  return (
    `the cluster takes tokens of tenant ${wanted}, but the service connection belongs to tenant ${own}; use a service ` +
    `connection whose identity is of tenant ${wanted}`
  );
}

/** Why something that is no API server answered. */
export function explainProxy(status: number, cluster: OpenCluster): TaskError {
  const host = hostOf(cluster);
  if (cluster.proxyUrl === undefined) {
    return new TaskError(`Something other than an API server answers at ${host} (HTTP ${status}): ${unreachable}`);
  }
  const proxy = new URL(cluster.proxyUrl).host;
  return new TaskError(
    `The proxy ${proxy} did not reach the API server ${host} (HTTP ${status}): if the proxy is not meant for it, add ` +
      `the name to the agent's bypass list or NO_PROXY; otherwise ${isPrivate(host) ? privateCluster(cluster) : unreachable}`,
  );
}

function privateCluster({ nameInput }: OpenCluster): string {
  const choice =
    nameInput === undefined
      ? ''
      : `, or choose the name that the agent can resolve by input ${nameInput} (public or private)`;
  return `a private cluster is known only in its own network, so run the job on an agent there${choice}.`;
}

/** Private clusters live in zones such as `privatelink.eastus.azmk8s.io` and `private.eastus.azmk8s.io`. */
const isPrivate = (host: string): boolean => /\.private(?:link)?\./i.test(host);

function unresolved(host: string, cluster: OpenCluster): string {
  if (isPrivate(host)) return privateCluster(cluster);
  return (
    'a public name is gone while the cluster is stopped, and when it was deleted or created anew: start it (az aks start), ' +
    'or run the step again when it is there; if it runs, check the DNS of this agent.'
  );
}

const unreachable =
  'check that the cluster runs, that its authorized IP ranges include this agent, and that no firewall is between them.';

/** The name of a cluster's API server. */
export function hostOf({ access }: OpenCluster): string {
  return new URL(access.server).hostname;
}
