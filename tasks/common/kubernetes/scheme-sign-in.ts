import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { metadataHost, reachesMetadata } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/errors.ts';
import { keyAndCertificate } from './client-certificate.ts';
import type { SignIn, SignInContext } from './kubelogin-sign-in.ts';

/** A service connection, and the tenant whose tokens are wanted. */
export interface Identity {
  readonly connection: ServiceConnection;
  readonly tenantId: string;
}

/** What kubelogin needs for the connection's scheme alone. @throws TaskError for a scheme that is none of Azure's. */
export function signInByScheme(identity: Identity, context: SignInContext): Promise<SignIn> | SignIn {
  const { connection } = identity;
  const scheme = connection.scheme ?? 'ServicePrincipal';
  switch (scheme.toLowerCase()) {
    case 'workloadidentityfederation':
      return federation(identity, context);
    case 'serviceprincipal':
      return connection.parameter('authenticationType')?.toLowerCase() === 'spncertificate'
        ? certificate(identity, context)
        : secret(identity);
    case 'managedserviceidentity':
      return managedIdentity(identity, context);
    default:
      throw new TaskError(
        `The service connection's scheme is '${scheme}'; kubelogin can sign in with workload identity federation, ` +
          'a service principal (secret or certificate) or a managed identity.',
      );
  }
}

/** kubelogin asks Azure DevOps for a fresh token of the connection whenever it needs one, as long as the job runs. */
function federation({ connection, tenantId }: Identity, { job }: SignInContext): SignIn {
  return {
    login: 'azurepipelines',
    flags: ['--tenant-id', tenantId, '--azure-pipelines-service-connection-id', connection.id],
    env: {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: required(connection, 'serviceprincipalid'),
      SYSTEM_ACCESSTOKEN: job.accessToken(),
      SYSTEM_OIDCREQUESTURI: job.oidcRequestUri(),
    },
    kubelogin: '>=0.2.12',
  };
}

const sincePrincipals = '>=0.1.0';

function secret({ connection, tenantId }: Identity): SignIn {
  const clientId = required(connection, 'serviceprincipalid');
  return {
    login: 'spn',
    flags: ['--client-id', clientId, '--tenant-id', tenantId],
    env: {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: required(connection, 'serviceprincipalkey'),
    },
    kubelogin: sincePrincipals,
  };
}

function certificate({ connection, tenantId }: Identity, { jobFolder }: SignInContext): SignIn {
  const clientId = required(connection, 'serviceprincipalid');
  const pem = keyAndCertificate(required(connection, 'servicePrincipalCertificate'));
  const file = path.join(jobFolder(), 'certificate.pem');
  writeFileSync(file, pem, { mode: 0o600 });
  return {
    login: 'spn',
    flags: ['--client-id', clientId, '--tenant-id', tenantId, '--client-certificate', file],
    env: { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_CERTIFICATE_PATH: file },
    kubelogin: sincePrincipals,
  };
}

async function managedIdentity({ connection }: Identity, { network }: SignInContext): Promise<SignIn> {
  const clientId = connection.data('msiclientId') ?? connection.parameter('msiclientId');
  // Go's clients would ask the proxy for the metadata service, which no proxy reaches.
  const direct = network.proxyUrl !== undefined && (await reachesMetadata());
  return {
    login: 'msi',
    flags: clientId === undefined ? [] : ['--client-id', clientId],
    env: {
      ...(clientId !== undefined && { AZURE_CLIENT_ID: clientId }),
      ...(direct && { NO_PROXY: [network.noProxy, metadataHost].filter(Boolean).join(',') }),
    },
    kubelogin: sincePrincipals,
  };
}

function required(connection: ServiceConnection, name: string): string {
  const value = connection.parameter(name);
  if (value !== undefined) return value;
  throw new TaskError(`The service connection has no ${name}; open it in Project settings and save it again.`);
}
