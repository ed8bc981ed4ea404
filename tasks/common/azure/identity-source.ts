import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Where a managed identity gets its tokens: from the metadata service of a virtual machine, from the agent that Azure Arc
 * has on a server elsewhere, or from the endpoint of App Service and Container Apps.
 */
export type IdentitySource =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'arc'; readonly endpoint: string }
  | { readonly kind: 'app'; readonly endpoint: string; readonly header: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** What Azure's clients read, kubelogin among them, in order to choose another source than the metadata service. */
const variables = [
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'IDENTITY_SERVER_THUMBPRINT',
  'IMDS_ENDPOINT',
  'MSI_ENDPOINT',
  'MSI_SECRET',
];

/** Where the Arc agent answers if nobody moved it. */
const arcEndpoint = 'http://localhost:40342/metadata/identity/oauth2/token';

/**
 * The source of this machine. Whatever else is in the environment, such as the federated token that AKS puts into a pod,
 * belongs to somebody else: the service connection names a managed identity.
 */
export function identitySource(
  env: Environment = process.env,
  isArcServer = existsSync(arcProgram(env)),
): IdentitySource {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header, IMDS_ENDPOINT: metadata } = env;
  if (endpoint && header && !env['IDENTITY_SERVER_THUMBPRINT']) return { kind: 'app', endpoint, header };
  // The Arc agent's key must not go elsewhere.
  if (endpoint && metadata && isOnLoopback(endpoint)) return { kind: 'arc', endpoint };
  return isArcServer ? { kind: 'arc', endpoint: arcEndpoint } : { kind: 'metadata' };
}

/** What makes kubelogin choose the same source. It takes an empty variable for none (MSAL for Go 1.7). */
export function sourceForTools(source: IdentitySource, env: Environment = process.env): Record<string, string> {
  if (source.kind === 'app') return {};
  const unset = Object.fromEntries(variables.filter((name) => env[name]).map((name) => [name, '']));
  if (source.kind === 'metadata') return unset;
  return { ...unset, IDENTITY_ENDPOINT: source.endpoint, IMDS_ENDPOINT: new URL(source.endpoint).origin };
}

/** The folder in which the Arc agent lays the keys that prove who may read there (Azure Arc, "managed identity"). */
export function arcKeyFolder(env: Environment = process.env): string {
  return process.platform === 'win32'
    ? path.join(env['ProgramData'] ?? 'C:\\ProgramData', 'AzureConnectedMachineAgent', 'Tokens')
    : '/var/opt/azcmagent/tokens';
}

function arcProgram(env: Environment): string {
  return process.platform === 'win32'
    ? path.join(env['ProgramFiles'] ?? 'C:\\Program Files', 'AzureConnectedMachineAgent', 'himds.exe')
    : '/opt/azcmagent/bin/himds';
}

function isOnLoopback(address: string): boolean {
  return URL.canParse(address) && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
}
