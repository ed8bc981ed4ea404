import type { ContainerRegistryContentClient as ContentClient } from '@azure/container-registry';
import { azureCredential, clientOptions, httpSender, type SignInContext } from '../azure/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/errors.ts';
import { manifestSizePolicy, webPagePolicy } from './answer-policies.ts';
import { missingHeadersPolicy, type BlobSizes } from './missing-headers.ts';
import { loginServerOf } from './reference.ts';
import { explainRegistryError } from './registry-error.ts';
import { ChartRepository } from './repository.ts';
import { azureSignIn, passwordSignIn, type ClientAuth, type RegistrySignIn } from './sign-in.ts';
import { tokenExchange } from './token-exchange.ts';
import { locationPolicy, tokenPolicy } from './token-policy.ts';

/** The inputs that say which registry, and as whom. */
export interface RegistryInputs {
  readonly azureSubscription: string | undefined;
  readonly containerRegistry: string | undefined;
  readonly registry: string | undefined;
}

export interface RegistryContext extends SignInContext {
  connection(id: string, input: string): ServiceConnection;
}

/** A registry that we are about to use; the first request signs in. */
export class ChartRegistry {
  constructor(
    /** Host name, lower case, as `properties.loginServer` gives it. */
    readonly loginServer: string,
    private readonly signIn: RegistrySignIn,
    private readonly client: (repository: string) => ContentClient,
    private readonly sizes: BlobSizes,
    private readonly signal: AbortSignal,
  ) {}

  repository(name: string): ChartRepository {
    const about = { loginServer: this.loginServer, repository: name, signIn: this.signIn };
    return new ChartRepository(this.client(name), about, this.sizes, this.signal);
  }

  /** Our sign-in as a client's config file (docker's, helm's) holds it. */
  async clientAuth(): Promise<ClientAuth> {
    try {
      return await this.signIn.clientAuth();
    } catch (error) {
      throw explainRegistryError(error, {
        loginServer: this.loginServer,
        repository: '',
        action: 'pull',
        signIn: this.signIn,
      });
    }
  }
}

/**
 * The registry that the inputs name. Nothing is sent yet.
 * @throws TaskError when the inputs contradict each other, a connection lacks a value or the name is no login server.
 */
export async function openRegistry(inputs: RegistryInputs, context: RegistryContext): Promise<ChartRegistry> {
  const connection = chosenConnection(inputs, context);
  const loginServer = chosenRegistry(inputs, connection);
  const options = clientOptions(context);
  const signIn = await signInOf(connection, loginServer, context);
  // Beneath the SDK's reading of answers, which would not see what a policy above it changes.
  const position = 'perRetry' as const;
  const sizes: BlobSizes = new Map();
  const own = [
    tokenPolicy(loginServer, signIn),
    locationPolicy(loginServer),
    missingHeadersPolicy(sizes),
    manifestSizePolicy,
    webPagePolicy,
  ];
  const policies = [...own.map((policy) => ({ policy, position })), ...options.additionalPolicies];
  // The SDK takes long to load, so it is loaded only when the inputs are known to be good.
  const { contentClient } = await import('./content-client.ts');
  const client = (repository: string): ContentClient =>
    contentClient(`https://${loginServer}`, repository, { ...options, additionalPolicies: policies });
  return new ChartRegistry(loginServer, signIn, client, sizes, context.signal);
}

interface ChosenConnection {
  readonly kind: 'azure' | 'docker';
  readonly service: ServiceConnection;
}

function chosenConnection(inputs: RegistryInputs, context: RegistryContext): ChosenConnection {
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

/** A Docker registry connection is for one registry alone: its password must not reach another one. */
function chosenRegistry({ registry }: RegistryInputs, { kind, service }: ChosenConnection): string {
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
  return URL.canParse(address) && address.includes('://') ? new URL(address).host : address;
}

async function signInOf(
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
