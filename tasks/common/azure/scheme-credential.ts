import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import type { ClientOptions } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/outcome.ts';
import { oidcToken } from './oidc.ts';
import type { SignInContext } from './sign-in-context.ts';

export type IdentityOptions = ClientOptions & { authorityHost: string; disableInstanceDiscovery: boolean };

/**
 * The credential for a service connection's scheme.
 * @throws TaskError when the connection lacks a value or its scheme is none of Azure's.
 */
export function schemeCredential(
  connection: ServiceConnection,
  context: SignInContext,
  options: IdentityOptions,
): TokenCredential {
  const scheme = connection.scheme ?? 'ServicePrincipal';
  const need = (name: string): string => required(connection, name);
  switch (scheme.toLowerCase()) {
    case 'workloadidentityfederation': {
      return new ClientAssertionCredential(
        need('tenantid'),
        need('serviceprincipalid'),
        freshAssertion(connection.id, context),
        options,
      );
    }
    case 'serviceprincipal':
      if (connection.parameter('authenticationType')?.toLowerCase() === 'spncertificate') {
        const certificate = need('servicePrincipalCertificate');
        return new ClientCertificateCredential(need('tenantid'), need('serviceprincipalid'), { certificate }, options);
      }
      return new ClientSecretCredential(
        need('tenantid'),
        need('serviceprincipalid'),
        need('serviceprincipalkey'),
        options,
      );
    case 'managedserviceidentity': {
      const clientId = connection.data('msiclientId') ?? connection.parameter('msiclientId');
      return clientId === undefined
        ? new ManagedIdentityCredential(options)
        : new ManagedIdentityCredential(clientId, options);
    }
    default:
      throw new TaskError(
        `The service connection's scheme is '${scheme}'; use an Azure Resource Manager connection with workload ` +
          'identity federation, a service principal (secret or certificate) or a managed identity.',
      );
  }
}

/** MSAL asks twice for each token it requests; both times get the same answer, the next token gets a fresh one. */
const sameRequestMs = 2000;

function freshAssertion(connectionId: string, context: SignInContext): () => Promise<string> {
  let last: { asked: number; token: Promise<string> } | undefined;
  return async () => {
    if (last === undefined || Date.now() - last.asked > sameRequestMs) {
      last = { asked: Date.now(), token: oidcToken(connectionId, context) };
    }
    const token = await last.token;
    context.maskSecret(token);
    return token;
  };
}

function required(connection: ServiceConnection, name: string): string {
  const value = connection.parameter(name);
  if (value === undefined) {
    throw new TaskError(`The service connection has no ${name}; open it in Project settings and save it again.`);
  }
  return value;
}
