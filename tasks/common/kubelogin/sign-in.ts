import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cloud } from '../azure/index.ts';
import { metadataHost, reachesMetadata } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import type { TaskContext } from '../task/context.ts';
import { toolNetwork } from '../task/network.ts';
import { TaskError } from '../task/outcome.ts';
import { keyAndCertificate } from './certificate.ts';

/** How kubelogin is to sign in as a service connection. */
export interface SignIn {
  /** kubelogin's name for it. */
  readonly login: 'azurepipelines' | 'spn' | 'msi';
  /** Flags of `kubelogin convert-kubeconfig`; no secret is among them. */
  readonly flags: readonly string[];
  /** Environment of every kubelogin that signs in, secrets included. */
  readonly env: Readonly<Record<string, string>>;
  /** The oldest kubelogin that can, as a version range. */
  readonly kubelogin: string;
}

export type SignInContext = Pick<TaskContext, 'job' | 'network' | 'jobFolder'>;

/** kubelogin's names of the clouds. */
const environments: Readonly<Record<Cloud['name'], string>> = {
  AzureCloud: 'AzurePublicCloud',
  AzureUSGovernment: 'AzureUSGovernmentCloud',
  AzureChinaCloud: 'AzureChinaCloud',
};

/**
 * How kubelogin signs in as this connection for tokens of the given tenant. Writes the certificate of a connection that
 * has one into the job's folder, because kubelogin takes it from a file only.
 * @throws TaskError when the connection lacks a value or its certificate is of no use to kubelogin.
 */
export async function kubeloginSignIn(
  connection: ServiceConnection,
  tenantId: string | undefined,
  cloud: Cloud,
  context: SignInContext,
): Promise<SignIn> {
  const own = tenantId ?? connection.parameter('tenantid') ?? '';
  const signIn = await signInByScheme({ connection, tenantId: own }, context);
  const environment = ['--environment', environments[cloud.name]];
  return {
    ...signIn,
    flags: ['--login', signIn.login, ...environment, ...signIn.flags],
    env: { ...unset, ...baseEnvironment(signIn.login, context), ...signIn.env },
  };
}

/**
 * These beat kubelogin's flags, so each of them is given a value: a variable of the job that happens to have such a name
 * must not change who signs in.
 */
const unset = {
  AZURE_CLIENT_ID: '',
  AZURE_TENANT_ID: '',
  AZURE_CLIENT_SECRET: '',
  AZURE_CLIENT_CERTIFICATE_PATH: '',
  AZURE_CLIENT_CERTIFICATE_PASSWORD: '',
};

function baseEnvironment(login: SignIn['login'], { network, jobFolder }: SignInContext): Record<string, string> {
  // Where Linux has kubelogin's cache of tokens, which must not outlive the job. On Windows (DPAPI) and macOS (keychain)
  // it lies in the user's own store, whose place no variable changes.
  return { AAD_LOGIN_METHOD: login, XDG_CACHE_HOME: path.join(jobFolder(), 'cache'), ...toolNetwork(network) };
}

/** A service connection, and the tenant whose tokens are wanted. */
interface Identity {
  readonly connection: ServiceConnection;
  readonly tenantId: string;
}

/** What kubelogin needs for the connection's scheme alone. @throws TaskError for a scheme that is none of Azure's. */
function signInByScheme(identity: Identity, context: SignInContext): Promise<SignIn> | SignIn {
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
