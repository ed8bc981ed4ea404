import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/outcome.ts';

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
    tenantId: required(connection, 'tenantid'),
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

function required(connection: ServiceConnection, name: string): string {
  const value = connection.parameter(name);
  if (value !== undefined) return value;
  throw new TaskError(`The service connection has no ${name}; open it in Project settings and save it again.`);
}
