import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  type TokenCredential,
} from '@azure/identity';
import type { ClientOptions } from '../network/index.ts';
import type { ConnectionIdentity } from './identity.ts';

type IdentityOptions = ClientOptions & { authorityHost: string; disableInstanceDiscovery: boolean };

/** The SDK's credential for an identity. @param assertion gives a token of Azure DevOps for a federated one */
export function sdkCredential(
  identity: Exclude<ConnectionIdentity, { kind: 'managedIdentity' }>,
  assertion: () => Promise<string>,
  options: IdentityOptions,
): TokenCredential {
  const { kind, tenantId, clientId } = identity;
  if (kind === 'federation') return new ClientAssertionCredential(tenantId, clientId, assertion, options);
  if (kind === 'secret') return new ClientSecretCredential(tenantId, clientId, identity.secret, options);
  return new ClientCertificateCredential(tenantId, clientId, { certificate: identity.pem }, options);
}
