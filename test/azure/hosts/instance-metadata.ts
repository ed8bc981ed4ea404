import type { AccessTokens } from '../identity/access-tokens.ts';
import type { Identities } from '../identity/identities.ts';
import { claimsOf } from '../identity/json-web-token.ts';
import { SignInError } from '../identity/sign-in-error.ts';
import { type ArcAgent, arcVersion } from './arc-agent.ts';
import type { Exchange } from '../network/exchange.ts';

/** The address of a virtual machine's metadata service, the same in every cloud. */
export const metadataHost = '169.254.169.254';

/** Plays the metadata service of a virtual machine, where managed identities get their tokens. */
export class InstanceMetadata {
  readonly #identities: Identities;
  readonly #accessTokens: AccessTokens;
  /** On a server of Azure Arc. */
  arcAgent: ArcAgent | undefined;

  constructor(identities: Identities, accessTokens: AccessTokens) {
    this.#identities = identities;
    this.#accessTokens = accessTokens;
  }

  async handle(exchange: Exchange): Promise<void> {
    // With an address of its own the Azure SDK puts a slash at the end.
    if (!/^\/metadata\/identity\/oauth2\/token\/?$/.test(exchange.path)) return exchange.send(404, {});
    if (exchange.header('metadata') !== 'true') return refuse(exchange, 'Required metadata header not specified');
    if (exchange.query.get('api-version') === arcVersion) {
      if (this.arcAgent === undefined) return exchange.send(404, {});
      if (!(await this.arcAgent.admits(exchange))) return;
    }
    const identity = this.#identities.managed(exchange.query.get('client_id'));
    if (identity === undefined) return refuse(exchange, 'Identity not found');
    try {
      const resource = exchange.query.get('resource') ?? '';
      await exchange.json(200, answer(this.#accessTokens.issue(identity, resource), identity.clientId, resource));
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      await exchange.json(error.status, error.body);
    }
  }
}

/** All numbers are texts in this service's answers. */
function answer(token: string, clientId: string, resource: string): Record<string, string> {
  const { exp, nbf } = claimsOf(token) ?? {};
  return {
    access_token: token,
    client_id: clientId,
    expires_in: String(Number(exp) - Math.floor(Date.now() / 1000)),
    expires_on: String(exp),
    ext_expires_in: '86399',
    not_before: String(nbf),
    resource,
    token_type: 'Bearer',
  };
}

function refuse(exchange: Exchange, text: string): Promise<void> {
  return exchange.json(400, { error: 'invalid_request', error_description: text });
}
