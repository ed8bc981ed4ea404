import { clouds, type Cloud } from '../clouds.ts';
import { resourceOf, type AccessTokens } from '../identity/access-tokens.ts';
import type { ClientAuthentication } from '../identity/client-authentication.ts';
import type { Identities } from '../identity/identities.ts';
import { SignInError } from '../identity/sign-in-error.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import type { Exchange } from '../network/exchange.ts';

interface EntraParts {
  readonly cloud: Cloud;
  readonly identities: Identities;
  readonly clientAuthentication: ClientAuthentication;
  readonly accessTokens: AccessTokens;
  readonly key: SigningKey;
}

/** Plays the sign-in host of one cloud, such as login.microsoftonline.com. */
export class Entra {
  readonly #parts: EntraParts;

  constructor(parts: EntraParts) {
    this.#parts = parts;
  }

  async handle(exchange: Exchange): Promise<void> {
    try {
      await this.#route(exchange);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      await exchange.json(error.status, error.body);
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const [, tenantId = '', ...rest] = exchange.path.split('/');
    switch (`${exchange.method} ${rest.join('/')}`) {
      case 'POST oauth2/v2.0/token':
        return this.#issueToken(exchange, this.#tenant(tenantId));
      case 'GET v2.0/.well-known/openid-configuration':
        return exchange.json(200, this.#configuration(this.#tenant(tenantId), 'v2.0'));
      case 'GET .well-known/openid-configuration':
        return exchange.json(200, this.#configuration(this.#tenant(tenantId), 'v1.0'));
      case 'GET discovery/v2.0/keys':
      case 'GET discovery/keys':
        return exchange.json(200, { keys: [this.#parts.key.jsonWebKey] });
      case 'GET discovery/instance':
        return exchange.json(200, discovery(tenantId));
      default:
        return exchange.send(404, {});
    }
  }

  async #issueToken(exchange: Exchange, tenantId: string): Promise<void> {
    const form = await exchange.form();
    if (form.get('grant_type') !== 'client_credentials') {
      throw new SignInError(400, 'unsupported_grant_type', 70003, "The app requested an unsupported 'grant_type'.");
    }
    const endpoint = `${exchange.url.origin}${exchange.path}`;
    const identity = this.#parts.clientAuthentication.authenticate({ tenantId, endpoint, form });
    const token = this.#parts.accessTokens.issue(identity, resourceOf(form.get('scope') ?? ''));
    const { life } = this.#parts.accessTokens;
    await exchange.json(200, { token_type: 'Bearer', expires_in: life, ext_expires_in: life, access_token: token });
  }

  /** The tenant if it lives in this cloud. Throws SignInError otherwise. */
  #tenant(tenantId: string): string {
    const isShared = ['common', 'organizations'].includes(tenantId);
    if (isShared || this.#parts.identities.hasTenant(tenantId, this.#parts.cloud)) return tenantId;
    const text =
      `Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
      'correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
      'subscriptions for the tenant.';
    throw new SignInError(400, 'invalid_tenant', 90002, text);
  }

  /** The OpenID configuration; the issuer of version 1 is the one in access tokens. */
  #configuration(tenantId: string, version: 'v1.0' | 'v2.0'): Record<string, unknown> {
    const base = `https://${this.#parts.cloud.authority}/${tenantId}`;
    const isNew = version === 'v2.0';
    return {
      issuer: isNew ? `${base}/v2.0` : `${this.#parts.cloud.tokenIssuer}${tenantId}/`,
      authorization_endpoint: `${base}/oauth2/${isNew ? 'v2.0/' : ''}authorize`,
      token_endpoint: `${base}/oauth2/${isNew ? 'v2.0/' : ''}token`,
      device_authorization_endpoint: `${base}/oauth2/${isNew ? 'v2.0/' : ''}devicecode`,
      end_session_endpoint: `${base}/oauth2/${isNew ? 'v2.0/' : ''}logout`,
      jwks_uri: `${base}/discovery/${isNew ? 'v2.0/' : ''}keys`,
      response_types_supported: ['code', 'id_token', 'token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    };
  }
}

function discovery(tenantId: string): Record<string, unknown> {
  const hosts = Object.values(clouds).map(({ authority }) => authority);
  return {
    tenant_discovery_endpoint: `https://${hosts[0]}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: hosts.map((host) => ({ preferred_network: host, preferred_cache: host, aliases: [host] })),
  };
}
