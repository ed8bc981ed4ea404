import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

/** Where one of the Azure clouds is to be reached. */
export interface Cloud {
  /** The name that service connections use. */
  readonly name: 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';
  /** Entra ID's address, without a slash at the end. */
  readonly authorityHost: string;
  /** Azure Resource Manager's address, without a slash at the end. */
  readonly resourceManager: string;
  /** What the login servers of its container registries end with. */
  readonly registrySuffix: string;
}

const publicCloud: Cloud = {
  name: 'AzureCloud',
  authorityHost: 'https://login.microsoftonline.com',
  resourceManager: 'https://management.azure.com',
  registrySuffix: '.azurecr.io',
};

const clouds: readonly Cloud[] = [
  publicCloud,
  {
    name: 'AzureUSGovernment',
    authorityHost: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    registrySuffix: '.azurecr.us',
  },
  {
    name: 'AzureChinaCloud',
    authorityHost: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
    registrySuffix: '.azurecr.cn',
  },
];

/**
 * The cloud a service connection belongs to: by its environment, else by the addresses it carries (container registry
 * connections have no environment), else the public one.
 * @throws TaskError for an environment other than the three clouds.
 */
export function cloudOf(connection: ServiceConnection): Cloud {
  const environment = connection.data('environment');
  if (environment !== undefined) {
    const known = clouds.find((cloud) => cloud.name.toLowerCase() === environment.toLowerCase());
    if (known) return known;
    throw new TaskError(
      `The service connection's environment is '${environment}'; ` +
        `this task works with ${clouds.map((cloud) => cloud.name).join(', ')}.`,
    );
  }
  const addresses = [connection.data('activeDirectoryAuthority'), connection.url];
  const hosts = addresses.filter((address) => address !== undefined && URL.canParse(address));
  const hostnames = hosts.map((address) => new URL(address ?? '').hostname);
  return clouds.find((cloud) => hostnames.some((host) => isHostOf(cloud, host))) ?? publicCloud;
}

function isHostOf(cloud: Cloud, host: string): boolean {
  const hosts = [cloud.authorityHost, cloud.resourceManager].map((address) => new URL(address).hostname);
  return hosts.includes(host) || host.endsWith(cloud.registrySuffix);
}

/** How a service connection proves to Entra ID who it is. */
export type ConnectionIdentity =
  | { readonly kind: 'federation'; readonly tenantId: string; readonly clientId: string }
  | { readonly kind: 'secret'; readonly tenantId: string; readonly clientId: string; readonly secret: string }
  /** `pem` holds the private key and the certificates. */
  | { readonly kind: 'certificate'; readonly tenantId: string; readonly clientId: string; readonly pem: string }
  /** Without a client id the machine has only one identity, or its system's. */
  | { readonly kind: 'managedIdentity'; readonly clientId: string | undefined };

/** @throws TaskError when the connection lacks a value, or its scheme is none of Azure's. */
export function identityOf(connection: ServiceConnection): ConnectionIdentity {
  const scheme = connection.scheme ?? 'ServicePrincipal';
  const principal = (): { tenantId: string; clientId: string } => ({
    tenantId: tenantOf(connection),
    clientId: required(connection, 'serviceprincipalid'),
  });
  switch (scheme.toLowerCase()) {
    case 'workloadidentityfederation':
      return { kind: 'federation', ...principal() };
    case 'serviceprincipal':
      return connection.parameter('authenticationType')?.toLowerCase() === 'spncertificate'
        ? { kind: 'certificate', ...principal(), pem: required(connection, 'servicePrincipalCertificate') }
        : { kind: 'secret', ...principal(), secret: required(connection, 'serviceprincipalkey') };
    case 'managedserviceidentity':
      return {
        kind: 'managedIdentity',
        clientId: connection.data('msiclientId') ?? connection.parameter('msiclientId'),
      };
    default:
      throw new TaskError(
        `The service connection's scheme is '${scheme}'; use an Azure Resource Manager connection with workload ` +
          'identity federation, a service principal (secret or certificate) or a managed identity.',
      );
  }
}

/** It stands in the addresses that are asked, so its form is checked before. */
function tenantOf(connection: ServiceConnection): string {
  const tenant = required(connection, 'tenantid');
  if (/^[0-9a-z][0-9a-z.-]*$/i.test(tenant)) return tenant;
  throw new TaskError(
    `The service connection's tenant id is '${visible(tenant, 100)}', which is neither a GUID nor a domain name; open the ` +
      'connection in Project settings and correct it.',
  );
}

function required(connection: ServiceConnection, name: string): string {
  const value = connection.parameter(name);
  if (value !== undefined) return value;
  throw new TaskError(`The service connection has no ${name}; open it in Project settings and save it again.`);
}
