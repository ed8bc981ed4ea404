import type { ContainerRegistryContentClient as ContentClient } from '@azure/container-registry';
import { clientOptions } from '../network/index.ts';
import { manifestSizePolicy, webPagePolicy } from './answer-policies.ts';
import { missingHeadersPolicy, type BlobSizes } from './missing-headers.ts';
import {
  chosenConnection,
  chosenRegistry,
  signInOf,
  type RegistryContext,
  type RegistryInputs,
} from './registry-connection.ts';
import { explainRegistryError } from './registry-error.ts';
import { ChartRepository } from './repository.ts';
import type { ClientAuth, RegistrySignIn } from './sign-in.ts';
import { locationPolicy, tokenPolicy } from './token-policy.ts';

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
