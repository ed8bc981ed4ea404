import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { identityOf, identitySource, sourceForTools, type Cloud, type ConnectionIdentity } from '../azure/index.ts';
import { metadataHost, reachesMetadata } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import type { TaskContext } from '../task/context.ts';
import { toolNetwork } from '../task/network.ts';
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

export type SignInContext = Pick<TaskContext, 'job' | 'network' | 'jobFolder' | 'maskSecret'>;

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
  const signIn = await signInOf(identityOf(connection), connection.id, own, context);
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

/** What kubelogin needs for this kind of identity alone. */
function signInOf(
  identity: ConnectionIdentity,
  connectionId: string,
  tenantId: string,
  context: SignInContext,
): Promise<SignIn> | SignIn {
  if (identity.kind === 'federation') return federation(identity.clientId, connectionId, tenantId, context);
  if (identity.kind === 'certificate') return certificate(identity, tenantId, context);
  if (identity.kind === 'secret') return secret(identity, tenantId);
  return managedIdentity(identity.clientId, context);
}

/** kubelogin asks Azure DevOps for a fresh token of the connection whenever it needs one, as long as the job runs. */
function federation(clientId: string, connectionId: string, tenantId: string, { job }: SignInContext): SignIn {
  return {
    login: 'azurepipelines',
    flags: ['--tenant-id', tenantId, '--azure-pipelines-service-connection-id', connectionId],
    env: {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      SYSTEM_ACCESSTOKEN: job.accessToken(),
      SYSTEM_OIDCREQUESTURI: job.oidcRequestUri(),
    },
    kubelogin: '>=0.2.12',
  };
}

const sincePrincipals = '>=0.1.0';

function secret({ clientId, secret: value }: { clientId: string; secret: string }, tenantId: string): SignIn {
  return {
    login: 'spn',
    flags: ['--client-id', clientId, '--tenant-id', tenantId],
    env: { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: value },
    kubelogin: sincePrincipals,
  };
}

function certificate(
  { clientId, pem }: { clientId: string; pem: string },
  tenantId: string,
  { jobFolder, maskSecret }: SignInContext,
): SignIn {
  const usable = keyAndCertificate(pem);
  // The agent knows the connection's own form only.
  maskSecret(usable);
  const file = path.join(jobFolder(), 'certificate.pem');
  writeFileSync(file, usable, { mode: 0o600 });
  return {
    login: 'spn',
    flags: ['--client-id', clientId, '--tenant-id', tenantId, '--client-certificate', file],
    env: { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_CERTIFICATE_PATH: file },
    kubelogin: sincePrincipals,
  };
}

async function managedIdentity(clientId: string | undefined, { network }: SignInContext): Promise<SignIn> {
  const source = identitySource();
  const chosen = sourceForTools(source);
  // Go's clients would ask the proxy for the metadata service, which no proxy reaches.
  const direct = source.kind === 'metadata' && network.proxyUrl !== undefined && (await reachesMetadata());
  return {
    login: 'msi',
    flags: clientId === undefined ? [] : ['--client-id', clientId],
    env: {
      ...chosen,
      ...(clientId !== undefined && { AZURE_CLIENT_ID: clientId }),
      ...(direct && { NO_PROXY: [network.noProxy, metadataHost].filter(Boolean).join(',') }),
    },
    // Older ones choose by other rules.
    kubelogin: Object.keys(chosen).length === 0 ? sincePrincipals : '>=0.2.19',
  };
}
