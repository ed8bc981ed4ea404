/** The names under which one Azure cloud is reached. Service connections carry `name` as their environment. */
export interface Cloud {
  readonly name: CloudName;
  /** Host of Entra's sign-in service. */
  readonly authority: string;
  /** Issuer prefix of v1 access tokens; the tenant's id and a slash follow. */
  readonly tokenIssuer: string;
  readonly resourceManager: string;
  /** Audience of the older management API, which az still asks for. */
  readonly classicManagement: string;
  readonly registrySuffix: string;
  readonly blobSuffix: string;
  /** Domain of the API servers of AKS clusters in one region. */
  readonly kubernetesSuffix: string;
}

export type CloudName = 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    name: 'AzureCloud',
    authority: 'login.microsoftonline.com',
    tokenIssuer: 'https://sts.windows.net/',
    resourceManager: 'management.azure.com',
    classicManagement: 'management.core.windows.net',
    registrySuffix: '.azurecr.io',
    blobSuffix: '.blob.core.windows.net',
    kubernetesSuffix: 'eastus.azmk8s.io',
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    authority: 'login.microsoftonline.us',
    tokenIssuer: 'https://sts.windows.net/',
    resourceManager: 'management.usgovcloudapi.net',
    classicManagement: 'management.core.usgovcloudapi.net',
    registrySuffix: '.azurecr.us',
    blobSuffix: '.blob.core.usgovcloudapi.net',
    kubernetesSuffix: 'usgovvirginia.cx.aks.containerservice.azure.us',
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    authority: 'login.chinacloudapi.cn',
    tokenIssuer: 'https://sts.chinacloudapi.cn/',
    resourceManager: 'management.chinacloudapi.cn',
    classicManagement: 'management.core.chinacloudapi.cn',
    registrySuffix: '.azurecr.cn',
    blobSuffix: '.blob.core.chinacloudapi.cn',
    kubernetesSuffix: 'chinaeast2.cx.prod.service.azk8s.cn',
  },
};

/** The cloud a registry belongs to, told by its login server's suffix. Throws for any other host. */
export function cloudOfRegistry(loginServer: string): Cloud {
  const cloud = Object.values(clouds).find(({ registrySuffix }) => loginServer.endsWith(registrySuffix));
  if (cloud === undefined) throw new Error(`'${loginServer}' is not the login server of an Azure container registry.`);
  return cloud;
}
