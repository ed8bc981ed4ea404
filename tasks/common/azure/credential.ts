import { setImmediate } from 'node:timers/promises';
import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { clientOptions, connectAhead } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import type { TaskContext } from '../task/context.ts';
import type { TaskError } from '../task/outcome.ts';
import { explainSignIn, type HeardAnswer, listening } from './errors.ts';
import { type Cloud, cloudOf, identityOf } from './identity.ts';
import { identitySource } from './identity-source.ts';
import { managedIdentity } from './managed-identity.ts';
import { freshAssertions } from './oidc.ts';
import type { sdkCredential } from './sdk-credential.ts';

/** What of the task's context signing in needs. */
export type SignInContext = Pick<TaskContext, 'network' | 'log' | 'signal' | 'job' | 'maskSecret'>;

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
export function azureCredential(connection: ServiceConnection, context: SignInContext): AzureCredential {
  const cloud = cloudOf(connection);
  const identity = identityOf(connection);
  // The first requests go out before the SDK is loaded: for an assertion, and for the connection to Entra ID, which is next.
  const assertion = identity.kind === 'federation' ? freshAssertions(connection.id, context) : noAssertion;
  if (identity.kind !== 'managedIdentity') {
    connectAhead(`${cloud.authorityHost}/${identity.tenantId}/v2.0/.well-known/openid-configuration`, context);
  }
  const heard: HeardAnswer = {};
  const options = {
    ...listening(clientOptions(context), heard),
    authorityHost: cloud.authorityHost,
    // The authority is one of a fixed table, so there is nothing to discover.
    disableInstanceDiscovery: true,
  };
  const inner =
    identity.kind === 'managedIdentity'
      ? Promise.resolve(managedIdentity(identity.clientId, identitySource(), context))
      : loaded(identity, assertion, options);
  // Who waits for a token is told.
  inner.catch(() => undefined);
  const explained = (error: unknown): TaskError =>
    Object.assign(heard.refusal ?? explainSignIn(error, heard.told), { cause: error });
  return {
    cloud,
    tenantId: connection.parameter('tenantid'),
    async getToken(scopes, tokenOptions) {
      try {
        const token = await (await inner).getToken(scopes, tokenOptions);
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

/**
 * The SDK's credential. @azure/identity takes longer to load than everything else together, and nothing goes on
 * meanwhile, so the first requests get their turn before.
 */
async function loaded(...[identity, assertion, options]: Parameters<typeof sdkCredential>): Promise<TokenCredential> {
  await setImmediate();
  const sdk = await import('./sdk-credential.ts');
  return sdk.sdkCredential(identity, assertion, options);
}

const noAssertion = (): Promise<string> => Promise.reject(new Error('This identity has no assertion.'));
