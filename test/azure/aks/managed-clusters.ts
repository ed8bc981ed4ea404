import type { Cloud } from '../clouds.ts';
import type { Identity } from '../identity/identities.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Cluster } from './cluster.ts';
import { kubeconfigOf } from './kubeconfig.ts';

const type = 'Microsoft.ContainerService/managedClusters';

/** Which role lets someone fetch which credential. */
const credentials = {
  listclusterusercredential: {
    role: 'clusterUser',
    operation: 'listClusterUserCredential',
    azureRoles: ['Azure Kubernetes Service Cluster User Role', 'Azure Kubernetes Service Cluster Admin Role'],
  },
  listclusteradmincredential: {
    role: 'clusterAdmin',
    operation: 'listClusterAdminCredential',
    azureRoles: ['Azure Kubernetes Service Cluster Admin Role'],
  },
} as const;

/** What an address of the provider asks for. */
interface Question {
  readonly resourceGroup: string | undefined;
  readonly name: string | undefined;
  readonly operation: string | undefined;
}

/** Plays Azure Resource Manager's provider of AKS clusters, for one cloud and subscription. */
export class ManagedClusters {
  readonly #subscriptionId: string;
  readonly #clusters: () => readonly Cluster[];

  constructor(subscriptionId: string, cloud: Cloud, clusters: () => readonly Cluster[]) {
    this.#subscriptionId = subscriptionId;
    this.#clusters = () => clusters().filter((cluster) => cluster.cloud === cloud);
  }

  /** Answers if the address is one of the provider's; false if it is not. */
  async handle(exchange: Exchange, caller: Identity): Promise<boolean> {
    const question = this.#questionOf(exchange.path.toLowerCase());
    if (question === undefined) return false;
    const { resourceGroup, name, operation } = question;
    const inGroup = this.#clusters().filter(
      ({ settings }) => resourceGroup === undefined || settings.resourceGroup.toLowerCase() === resourceGroup,
    );
    if (name === undefined) {
      await exchange.json(200, { value: inGroup.map((cluster) => this.#resourceOf(cluster)) });
      return true;
    }
    const cluster = inGroup.find((one) => one.name.toLowerCase() === name);
    if (cluster === undefined) await this.#notFound(exchange);
    else if (operation === undefined) await exchange.json(200, this.#resourceOf(cluster));
    else await this.#listCredential(exchange, operation, cluster, caller);
    return true;
  }

  #questionOf(path: string): Question | undefined {
    const pattern = new RegExp(
      `^/subscriptions/${this.#subscriptionId}(?:/resourcegroups/(?<resourceGroup>[^/]+))?` +
        `/providers/${type.toLowerCase()}(?:/(?<name>[^/]+))?(?:/(?<operation>[^/]+))?$`,
    );
    const { resourceGroup, name, operation } = pattern.exec(path)?.groups ?? {};
    return pattern.test(path) ? { resourceGroup, name, operation } : undefined;
  }

  async #listCredential(exchange: Exchange, name: string, cluster: Cluster, caller: Identity): Promise<void> {
    const known = Object.entries(credentials).find(([operation]) => operation === name)?.[1];
    if (known === undefined || exchange.method !== 'POST') return this.#notFound(exchange);
    const { role, operation, azureRoles } = known;
    const holds = caller.roles.some(
      (one) => one.scope === cluster.name && azureRoles.some((azureRole) => azureRole === one.role),
    );
    if (!holds) return this.#forbid(exchange, `${type}/${operation}/action`, cluster, caller);
    const { entra, localAccounts, kubeconfig } = cluster.settings;
    // The body is flat here, unlike Azure Resource Manager's own.
    if (!localAccounts && (role === 'clusterAdmin' || !entra)) {
      return exchange.json(400, { code: 'BadRequest', details: null, message: noLocalAccounts, subcode: '' });
    }
    const [serverFqdn, format] = [exchange.query.get('server-fqdn'), exchange.query.get('format')];
    const value = Buffer.from(kubeconfig ?? kubeconfigOf(cluster, { role, serverFqdn, format })).toString('base64');
    await exchange.json(200, { kubeconfigs: [{ name: role, value }] });
  }

  #forbid(exchange: Exchange, action: string, cluster: Cluster, { clientId, objectId }: Identity): Promise<void> {
    const message =
      `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action ` +
      `'${action}' over scope '${this.#idOf(cluster)}' or the scope is invalid. If access was recently granted, ` +
      'please refresh your credentials.';
    return exchange.json(403, { error: { code: 'AuthorizationFailed', message } });
  }

  #notFound(exchange: Exchange): Promise<void> {
    const [, group = '', name = ''] = /resourcegroups\/([^/]+).*managedclusters\/([^/]+)/i.exec(exchange.path) ?? [];
    const message = `The Resource '${type}/${name}' under resource group '${group}' was not found.`;
    return exchange.json(404, { error: { code: 'ResourceNotFound', message } });
  }

  #idOf({ name, settings }: Cluster): string {
    return `/subscriptions/${this.#subscriptionId}/resourcegroups/${settings.resourceGroup}/providers/${type}/${name}`;
  }

  #resourceOf(cluster: Cluster): Record<string, unknown> {
    const { fqdn, name, settings } = cluster;
    const properties = { fqdn, provisioningState: 'Succeeded', disableLocalAccounts: !settings.localAccounts };
    return { id: this.#idOf(cluster), name, type, location: 'eastus', properties };
  }
}

const noLocalAccounts =
  'Getting static credential is not allowed because this cluster is set to disable local accounts. For more details, ' +
  'see https://learn.microsoft.com/en-us/azure/aks/manage-local-accounts-managed-azure-ad';
