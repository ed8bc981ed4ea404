import type { Cluster } from '../aks/cluster.ts';
import { ManagedClusters } from '../aks/managed-clusters.ts';
import type { Cloud } from '../clouds.ts';
import type { AccessTokens } from '../identity/access-tokens.ts';
import type { Identity } from '../identity/identities.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Registry } from '../registry/registry.ts';

export const subscriptionId = '00000000-0001-4000-8000-00000c0a7050';
const resourceGroup = 'rg-delivery';
const registryType = 'Microsoft.ContainerRegistry/registries';

interface ResourceManagerParts {
  readonly cloud: Cloud;
  readonly accessTokens: AccessTokens;
  readonly registries: () => readonly Registry[];
  readonly clusters: () => readonly Cluster[];
}

/** Plays the management host of one cloud, such as management.azure.com, as far as registries and clusters are concerned. */
export class ResourceManager {
  readonly #parts: ResourceManagerParts;
  readonly #managedClusters: ManagedClusters;

  constructor(parts: ResourceManagerParts) {
    this.#parts = parts;
    this.#managedClusters = new ManagedClusters(subscriptionId, parts.cloud, parts.clusters);
  }

  async handle(exchange: Exchange): Promise<void> {
    const caller = this.#callerOf(exchange);
    if (caller === undefined) {
      const text = 'The access token is invalid or is for another audience.';
      return exchange.json(401, trouble('InvalidAuthenticationToken', text));
    }
    const path = exchange.path.toLowerCase();
    const registries = this.#registries;
    if (path === '/subscriptions') return exchange.json(200, { value: [subscription(exchange)] });
    if (isRegistryList(path)) return exchange.json(200, { value: registries });
    if (await this.#managedClusters.handle(exchange, caller)) return;
    const registry = registries.find(({ id }) => String(id).toLowerCase() === path);
    if (registry !== undefined) return exchange.json(200, registry);
    await exchange.json(404, trouble('ResourceNotFound', `The Resource '${exchange.path}' was not found.`));
  }

  #callerOf(exchange: Exchange): Identity | undefined {
    const { accessTokens, cloud } = this.#parts;
    const holder = accessTokens.inspect(exchange.authorization('Bearer') ?? '');
    const audiences = [`https://${cloud.resourceManager}`, `https://${cloud.classicManagement}`];
    return holder !== undefined && audiences.includes(holder.resource) ? holder.identity : undefined;
  }

  get #registries(): Record<string, unknown>[] {
    const { registries, cloud } = this.#parts;
    return registries()
      .filter(({ loginServer }) => loginServer.endsWith(cloud.registrySuffix))
      .map(resourceOf);
  }
}

/** az asks for registries by a filter over all resources, others by the provider's own list. */
function isRegistryList(path: string): boolean {
  const base = `/subscriptions/${subscriptionId}`;
  return path === `${base}/resources` || path === `${base}/providers/${registryType}`.toLowerCase();
}

function resourceOf({ loginServer, settings }: Registry): Record<string, unknown> {
  const name = loginServer.split('.')[0] ?? '';
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${registryType}/${name}`,
    name,
    type: registryType,
    location: 'eastus',
    sku: { name: 'Premium', tier: 'Premium' },
    properties: {
      loginServer,
      provisioningState: 'Succeeded',
      adminUserEnabled: settings.adminUser !== undefined,
      anonymousPullEnabled: settings.anonymousPull,
      publicNetworkAccess: settings.firewall ? 'Disabled' : 'Enabled',
      roleAssignmentMode: settings.abac ? 'AbacRepositoryPermissions' : 'LegacyRegistryPermissions',
      policies: { azureADAuthenticationAsArmPolicy: { status: settings.armAudience } },
    },
  };
}

function subscription(exchange: Exchange): Record<string, unknown> {
  const id = `/subscriptions/${subscriptionId}`;
  const policies = { locationPlacementId: exchange.host };
  return { id, subscriptionId, displayName: 'Contoso delivery', state: 'Enabled', subscriptionPolicies: policies };
}

function trouble(code: string, message: string): Record<string, unknown> {
  return { error: { code, message } };
}
