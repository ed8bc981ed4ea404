import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/outcome.ts';

/** Where one of the Azure clouds is to be reached. */
export interface Cloud {
  /** The name that service connections use. */
  readonly name: 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';
  /** Entra ID's address, without a slash at the end. */
  readonly authorityHost: string;
  /** Azure Resource Manager's address, without a slash at the end. */
  readonly resourceManager: string;
}

const publicCloud: Cloud = {
  name: 'AzureCloud',
  authorityHost: 'https://login.microsoftonline.com',
  resourceManager: 'https://management.azure.com',
};

const clouds: readonly Cloud[] = [
  publicCloud,
  {
    name: 'AzureUSGovernment',
    authorityHost: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
  },
  {
    name: 'AzureChinaCloud',
    authorityHost: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
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
  return [cloud.authorityHost, cloud.resourceManager].some((address) => new URL(address).hostname === host);
}
