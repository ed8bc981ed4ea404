import { azureCredential, type SignInContext } from '../azure/index.ts';
import { connectAhead, httpSender } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/outcome.ts';
import { atMost } from '../task/parallel.ts';
import { loginServerOf } from './reference.ts';
import { azureSignIn, passwordSignIn, tokenExchange, type ClientAuth, type RegistrySignIn } from './sign-in.ts';
import { Repository, type Senders } from './client/repository.ts';
import { RegistryTokens } from './client/tokens.ts';
import { explainRegistryError } from './errors.ts';

/** Requests of a kind that are under way at a time; more only makes the registry throttle. */
const atOnce = 4;

/** A registry that we are about to use; the first request signs in. */
export class ChartRegistry {
  readonly #signIn: RegistrySignIn;
  readonly #tokens: RegistryTokens;
  readonly #senders: Senders;
  readonly #context: RegistryContext;

  constructor(
    /** Host name, lower case, as `properties.loginServer` gives it. */
    readonly loginServer: string,
    signIn: RegistrySignIn,
    context: RegistryContext,
  ) {
    const [send, sendOnce] = [atMost(atOnce, httpSender(context)), atMost(atOnce, httpSender(context, 'if busy'))];
    this.#signIn = signIn;
    this.#context = context;
    this.#senders = { send, sendOnce, signal: context.signal };
    this.#tokens = new RegistryTokens(loginServer, signIn, send, context.maskSecret);
  }

  /**
   * Begins to sign in while there is other work, and opens two connections, for the requests that go side by side; what
   * goes wrong is told by the first request that needs it.
   */
  prepare(): void {
    this.#tokens.prepare();
    connectAhead(`https://${this.loginServer}/v2/`, this.#context);
  }

  repository(name: string): Repository {
    const about = { loginServer: this.loginServer, repository: name, signIn: this.#signIn };
    return new Repository(about, this.#tokens, this.#senders);
  }

  /** Our sign-in as a client's config file (docker's, helm's) holds it. */
  async clientAuth(): Promise<ClientAuth> {
    try {
      return await this.#signIn.clientAuth();
    } catch (error) {
      this.#context.signal.throwIfAborted();
      const action = { loginServer: this.loginServer, repository: '', action: 'pull', signIn: this.#signIn } as const;
      throw explainRegistryError(error, action);
    }
  }
}

/**
 * The registry that the inputs name. Nothing is sent yet.
 * @throws TaskError when the inputs contradict each other, a connection lacks a value or the name is no login server.
 */
export function openRegistry(inputs: RegistryInputs, context: RegistryContext): ChartRegistry {
  const connection = chosenConnection(inputs, context);
  const loginServer = chosenRegistry(inputs, connection);
  const signIn = signInOf(connection, loginServer, context);
  return new ChartRegistry(loginServer, signIn, context);
}

/** The inputs that say which registry, and as whom. */
export interface RegistryInputs {
  readonly azureSubscription: string | undefined;
  readonly containerRegistry: string | undefined;
  readonly registry: string | undefined;
}

interface RegistryContext extends SignInContext {
  connection(id: string, input: string): ServiceConnection;
}

/** The one connection that the inputs name. */
interface ChosenConnection {
  readonly kind: 'azure' | 'docker';
  readonly service: ServiceConnection;
}

/** @throws TaskError unless exactly one connection is given. */
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

/**
 * The login server that the inputs or the connection name. A Docker registry connection is for one registry alone: its
 * password must not reach another one.
 * @throws TaskError when nothing names a registry, or the inputs another one than the connection.
 */
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
  const whole = address.includes('://') ? address : `https://${address}`;
  return URL.canParse(whole) ? new URL(whole).host : address;
}

/** @throws TaskError when the connection lacks a value or its scheme is none that registries take. */
function signInOf(connection: ChosenConnection, loginServer: string, context: RegistryContext): RegistrySignIn {
  const { kind, service } = connection;
  const scheme = service.scheme?.toLowerCase();
  const federated = scheme === 'workloadidentityfederation' || scheme === 'managedserviceidentity';
  if (kind === 'azure' || federated) {
    const credential = azureCredential(service, context);
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
