import { azureCredential, type SignInContext } from '../azure/index.ts';
import { httpSender } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/outcome.ts';
import { loginServerOf } from './reference.ts';
import { azureSignIn, passwordSignIn, type RegistrySignIn } from './sign-in.ts';
import { tokenExchange } from './token-exchange.ts';

/** The inputs that say which registry, and as whom. */
export interface RegistryInputs {
  readonly azureSubscription: string | undefined;
  readonly containerRegistry: string | undefined;
  readonly registry: string | undefined;
}

export interface RegistryContext extends SignInContext {
  connection(id: string, input: string): ServiceConnection;
}

/** The one connection that the inputs name. */
export interface ChosenConnection {
  readonly kind: 'azure' | 'docker';
  readonly service: ServiceConnection;
}

/** @throws TaskError unless exactly one connection is given. */
export function chosenConnection(inputs: RegistryInputs, context: RegistryContext): ChosenConnection {
  const { azureSubscription, containerRegistry } = inputs;
  if (azureSubscription !== undefined && containerRegistry === undefined) {
    return { kind: 'azure', service: context.connection(azureSubscription, 'azureSubscription') };
  }
  if (containerRegistry !== undefined && azureSubscription === undefined) {
    return { kind: 'docker', service: context.connection(containerRegistry, 'containerRegistry') };
  }
  throw new TaskError(
    'Give exactly one of the inputs azureSubscription (an Azure Resource Manager connection) and ' +
      `containerRegistry (a Docker registry connection); ${azureSubscription === undefined ? 'none' : 'both'} are set.`,
  );
}

/**
 * The login server that the inputs or the connection name. A Docker registry connection is for one registry alone: its
 * password must not reach another one.
 * @throws TaskError when nothing names a registry, or the inputs another one than the connection.
 */
export function chosenRegistry({ registry }: RegistryInputs, { kind, service }: ChosenConnection): string {
  const own = kind === 'docker' ? registryOf(service) : undefined;
  const wanted = registry ?? own;
  if (wanted === undefined)
    throw new TaskError('Input registry is empty; give the login server of the registry, such as contoso.azurecr.io.');
  const loginServer = loginServerOf(wanted, kind);
  if (own !== undefined && own.toLowerCase() !== loginServer) {
    throw new TaskError(
      `The Docker registry connection is for ${own}, not for ${loginServer} as the inputs say; ` +
        'use a connection of that registry, or leave the registry to the connection.',
    );
  }
  return loginServer;
}

/** A Docker registry connection knows its registry; those made for ACR call it loginServer. */
function registryOf(service: ServiceConnection): string | undefined {
  const address = service.parameter('loginServer') ?? service.parameter('registry');
  if (address === undefined) return undefined;
  // The connection's editor asks for an address such as https://contoso.azurecr.io or https://index.docker.io/v1/.
  const whole = address.includes('://') ? address : `https://${address}`;
  return URL.canParse(whole) ? new URL(whole).host : address;
}

/** @throws TaskError when the connection lacks a value or its scheme is none that registries take. */
export async function signInOf(
  connection: ChosenConnection,
  loginServer: string,
  context: RegistryContext,
): Promise<RegistrySignIn> {
  const { kind, service } = connection;
  const scheme = service.scheme?.toLowerCase();
  const federated = scheme === 'workloadidentityfederation' || scheme === 'managedserviceidentity';
  if (kind === 'azure' || federated) {
    const credential = await azureCredential(service, context);
    const exchange = tokenExchange(loginServer, httpSender(context));
    return azureSignIn(credential, async (accessToken, tenantId) => {
      const refreshToken = await exchange(accessToken, tenantId);
      context.maskSecret(refreshToken.token);
      return refreshToken;
    });
  }
  const username = service.parameter('username') ?? service.parameter('serviceprincipalid');
  const password = service.parameter('password') ?? service.parameter('serviceprincipalkey');
  if (username === undefined || password === undefined) {
    throw new TaskError(
      `The Docker registry connection (scheme '${service.scheme ?? 'none'}') has no user and password; save it again, ` +
        'or use an Azure Resource Manager connection as azureSubscription.',
    );
  }
  context.maskSecret(password);
  context.maskSecret(`${username}:${password}`);
  return passwordSignIn(username, password);
}
