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
  switch (identity.kind) {
    case 'federated':
      return { scheme: 'WorkloadIdentityFederation', parameters: { serviceprincipalid } };
    case 'secret': {
      const parameters = { serviceprincipalid, serviceprincipalkey: identity.secret, authenticationType: 'spnKey' };
      return { scheme: 'ServicePrincipal', parameters };
    }
    case 'certificate': {
      const authenticationType = 'spnCertificate';
      const parameters = { serviceprincipalid, servicePrincipalCertificate: certificate, authenticationType };
      return { scheme: 'ServicePrincipal', parameters };
    }
    case 'managed':
      return {
        scheme: 'ManagedServiceIdentity',
        parameters: {},
        data: identity.systemAssigned ? {} : { msiclientId: identity.clientId },
      };
  }
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
