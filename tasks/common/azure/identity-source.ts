import { existsSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

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

/** As the Arc agent and Azure's clients have it, in bytes. */
const largestKey = 4096;

/**
 * The key that the Arc agent wants to see: whoever can read the file in its folder may use the server's identity.
 * @param challenge its WWW-Authenticate header, `Basic realm=<path of the key>`
 * @param folder the only one in which a key may lie, or whoever answers could have any file read
 * @throws TaskError when the path leads elsewhere, or this user may not read there
 */
export async function arcKey(challenge: string, folder: string): Promise<string> {
  const named = /^Basic realm=("?)(.+)\1$/i.exec(challenge.trim())?.[2] ?? '';
  const file = path.resolve(named);
  if (!same(path.dirname(file), path.resolve(folder)) || path.extname(file) !== '.key') {
    throw new TaskError(
      `What answers in the place of the Azure Arc agent names the key '${visible(named, 200)}', which is no .key file in ` +
        `${folder}; nothing was read. Check the variables IDENTITY_ENDPOINT and IMDS_ENDPOINT of this agent.`,
    );
  }
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > largestKey) throw new Error('it is no file of a key');
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new TaskError(
      `The key ${file} of the Azure Arc agent cannot be read (${messageOf(error)}): add the user that runs this agent to ` +
        "the group himds (on Windows 'Hybrid agent extension applications'), and start the agent again.",
    );
  }
}

function same(one: string, other: string): boolean {
  return process.platform === 'win32' ? one.toLowerCase() === other.toLowerCase() : one === other;
}
