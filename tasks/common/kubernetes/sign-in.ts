import path from 'node:path';
import type { Cloud } from '../azure/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import { toolNetwork } from '../task/network.ts';
import { signInByScheme } from './scheme-sign-in.ts';
import type { SignIn, SignInContext } from './kubelogin-sign-in.ts';

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
