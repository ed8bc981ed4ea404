import type { ServiceConnection } from '../agent/index.ts';
import { subscriptionId, type Identity } from '../azure/index.ts';

const managementUrl = {
  AzureCloud: 'https://management.azure.com/',
  AzureUSGovernment: 'https://management.usgovcloudapi.net/',
  AzureChinaCloud: 'https://management.chinacloudapi.cn/',
};

/**
 * The Azure Resource Manager connection of an identity, with the fields that Azure DevOps gives it.
 * @param certificate PEM with certificate and private key, for an identity of kind `certificate`
 */
export function azureConnection(identity: Identity, certificate = ''): ServiceConnection {
  const { scheme, parameters, data = {} } = ofKind(identity, certificate);
  return {
    id: identity.kind === 'federated' ? identity.serviceConnectionId : identity.objectId,
    name: 'contoso-azure',
    type: 'azurerm',
    url: managementUrl[identity.cloud],
    scheme,
    parameters: { tenantid: identity.tenantId, ...parameters },
    data: {
      environment: identity.cloud,
      subscriptionId,
      subscriptionName: 'Contoso',
      scopeLevel: 'Subscription',
      ...data,
    },
  };
}

interface SchemeFields {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
}

function ofKind(identity: Identity, certificate: string): SchemeFields {
  const serviceprincipalid = identity.clientId;
  if (identity.kind === 'federated')
    return { scheme: 'WorkloadIdentityFederation', parameters: { serviceprincipalid } };
  if (identity.kind === 'managed') {
    const data = identity.systemAssigned ? {} : { msiclientId: identity.clientId };
    return { scheme: 'ManagedServiceIdentity', parameters: {}, data };
  }
  const proof =
    identity.kind === 'secret'
      ? { serviceprincipalkey: identity.secret, authenticationType: 'spnKey' }
      : { servicePrincipalCertificate: certificate, authenticationType: 'spnCertificate' };
  return { scheme: 'ServicePrincipal', parameters: { serviceprincipalid, ...proof } };
}

/** A connection of type Azure DevOps, by which a federated identity works in the organisation. */
export function devOpsConnection(identity: Identity, name = 'contoso-devops'): ServiceConnection {
  const { parameters } = ofKind(identity, '');
  return {
    id: identity.kind === 'federated' ? identity.serviceConnectionId : identity.objectId,
    name,
    type: 'workloadidentityuser',
    url: 'https://dev.azure.com/contoso',
    scheme: 'WorkloadIdentityFederation',
    parameters: { tenantid: identity.tenantId, ...parameters },
    data: {},
  };
}

/** A Docker registry connection with user and password. */
export function dockerConnection(registry: string, username: string, password: string): ServiceConnection {
  return {
    id: '5d9cbb0f-52a5-4f2b-8e2b-1f3a54a1f0aa',
    name: 'contoso-docker',
    type: 'dockerregistry',
    url: `https://${registry}/`,
    scheme: 'UsernamePassword',
    parameters: { registry: `https://${registry}`, username, password, email: '' },
    data: { registrytype: 'Others' },
  };
}
