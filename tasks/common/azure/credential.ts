import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { clientOptions } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import type { TaskError } from '../task/outcome.ts';
import { type Cloud, cloudOf } from './clouds.ts';
import { explainSignIn } from './entra-error.ts';
import { type HeardAnswer, listening } from './sign-in-answers.ts';
import type { SignInContext } from './sign-in-context.ts';

/** A service connection's identity: masks every token it gets and explains every refusal. */
export interface AzureCredential extends TokenCredential {
  readonly cloud: Cloud;
  /** Undefined for a managed identity whose connection does not say. */
  readonly tenantId: string | undefined;
  /** @throws TaskError when Entra ID refuses; the SDK's error is its cause. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>;
}

/**
 * The identity of an Azure Resource Manager connection, of any scheme.
 * @throws TaskError when the connection lacks a value or its scheme is none of Azure's.
 */
export async function azureCredential(connection: ServiceConnection, context: SignInContext): Promise<AzureCredential> {
  const cloud = cloudOf(connection);
  const heard: HeardAnswer = {};
  const options = listening(clientOptions(context), heard);
  // @azure/identity takes longer to load than everything else together, so it is loaded only when it is needed.
  const { schemeCredential } = await import('./scheme-credential.ts');
  const explained = (error: unknown): TaskError =>
    Object.assign(heard.refusal ?? explainSignIn(error, heard.told), { cause: error });
  let inner: TokenCredential;
  try {
    inner = schemeCredential(connection, context, {
      ...options,
      authorityHost: cloud.authorityHost,
      // The authority is one of a fixed table, so there is nothing to discover.
      disableInstanceDiscovery: true,
    });
  } catch (error) {
    throw explained(error);
  }
  return {
    cloud,
    tenantId: connection.parameter('tenantid'),
    async getToken(scopes, tokenOptions) {
      try {
        const token = await inner.getToken(scopes, tokenOptions);
        if (token === null) throw new Error('it got no token');
        context.maskSecret(token.token);
        return token;
      } catch (error) {
        context.signal.throwIfAborted();
        throw explained(error);
      }
    },
  };
}
