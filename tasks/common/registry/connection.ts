import { azureCredential, cloudOf, type Cloud, type SignInContext } from '../azure/index.ts';
import { connectAhead, httpSender } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import { TaskError } from '../task/outcome.ts';
import { atMost } from '../task/parallel.ts';
import {
  chosenConnection,
  chosenRegistry,
  publicRegistry,
  type ChosenConnection,
  type Referred,
  type RegistryInputs,
} from './named.ts';
import {
  azureSignIn,
  nobody,
  passwordSignIn,
  tokenExchange,
  type ClientAuth,
  type PasswordLogin,
  type RegistrySignIn,
} from './sign-in.ts';
import { Repository, type Senders } from './client/repository.ts';
import { RegistryTokens } from './client/tokens.ts';
import { explainRegistryError } from './errors.ts';
import { provePassword } from './prove-password.ts';

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

  /**
   * Our sign-in as user and password, which the registry takes.
   * @throws TaskError when it does not, with the roles to assign
   */
  async provenLogin(): Promise<ProvenLogin> {
    try {
      const login = await this.#signIn.passwordLogin();
      if (login === undefined) throw new TaskError(`Nobody signs in to ${this.loginServer}.`);
      // A token of the registry's own making needs no proof.
      const isProven =
        this.#signIn.kind === 'azure' || (await provePassword(this.loginServer, login, this.#senders.send));
      return { ...login, isProven };
    } catch (error) {
      this.#context.signal.throwIfAborted();
      const action = { loginServer: this.loginServer, repository: '', action: 'use', signIn: this.#signIn } as const;
      throw explainRegistryError(error, action);
    }
  }
}

/** A sign-in for clients, and whether the registry itself has taken it. */
export interface ProvenLogin extends PasswordLogin {
  readonly isProven: boolean;
}

interface RegistryContext extends SignInContext {
  connection(id: string, input: string): ServiceConnection;
}

/**
 * The registry that the inputs name. Nothing is sent yet.
 * @param referred the registry that a reference speaks of: it must be the one that is named, which gets the sign-in.
 * @throws TaskError when the inputs contradict each other, a connection lacks a value or the name is no login server of
 * the connection's cloud.
 */
export function openRegistry(inputs: RegistryInputs, context: RegistryContext, referred?: Referred): ChartRegistry {
  return openRegistryAs(chosenConnection(inputs, context), inputs.registry, context, referred);
}

/** The same by a connection that was chosen before. @param registry the login server that the pipeline names */
export function openRegistryAs(
  connection: ChosenConnection,
  registry: RegistryInputs['registry'],
  context: RegistryContext,
  referred?: Referred,
): ChartRegistry {
  const loginServer = chosenRegistry({ registry }, connection, referred);
  return new ChartRegistry(loginServer, signInOf(connection, loginServer, context), context);
}

/**
 * The same to pull what may be public: without any connection nobody signs in, and the registry is asked for what it gives
 * to everybody.
 */
export function openRegistryToPull(
  inputs: RegistryInputs,
  context: RegistryContext,
  referred: Referred | undefined,
): ChartRegistry {
  const isSignedIn = inputs.azureSubscription !== undefined || inputs.containerRegistry !== undefined;
  return isSignedIn ? openRegistry(inputs, context, referred) : openPublicRegistry(inputs.registry, context, referred);
}

/** A registry that is asked without a sign-in. @throws TaskError when nothing names one, or input and reference differ */
export function openPublicRegistry(
  registry: RegistryInputs['registry'],
  context: RegistryContext,
  referred: Referred | undefined,
): ChartRegistry {
  const loginServer = publicRegistry({ registry }, referred);
  return new ChartRegistry(loginServer, nobody(loginServer), context);
}

/** @throws TaskError when the connection lacks a value or its scheme is none that registries take. */
function signInOf(connection: ChosenConnection, loginServer: string, context: RegistryContext): RegistrySignIn {
  const { kind, service } = connection;
  const scheme = service.scheme?.toLowerCase();
  const federated = scheme === 'workloadidentityfederation' || scheme === 'managedserviceidentity';
  if (kind === 'azure' || federated) {
    checkCloud(loginServer, cloudOf(service));
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

/** A registry elsewhere would get a token that is worth something in this cloud. */
function checkCloud(loginServer: string, { name, registrySuffix }: Cloud): void {
  if (loginServer.endsWith(registrySuffix)) return;
  throw new TaskError(
    `The registry ${loginServer} is none of the service connection's cloud (${name}), whose login servers end with ` +
      `${registrySuffix}: give a connection of the registry's own cloud, or correct the name of the registry.`,
  );
}
