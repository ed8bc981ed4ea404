import type { Cloud } from '../clouds.ts';
import { registryAudience, type AccessTokens } from '../identity/access-tokens.ts';
import type { Exchange } from '../network/exchange.ts';
import { allRights, grantable, hasClassicRole, parseScopes, type Access } from './access.ts';
import type { Caller, Callers } from './callers.ts';
import { challenge, permissionsDenial, unauthorized } from './registry-error.ts';
import type { RegistryTokens } from './registry-tokens.ts';
import type { RegistrySettings } from './settings.ts';

interface TokenServiceParts {
  readonly loginServer: string;
  readonly cloud: Cloud;
  readonly settings: RegistrySettings;
  readonly callers: Callers;
  readonly tokens: RegistryTokens;
  readonly entraTokens: AccessTokens;
}

/** The token endpoints of a registry, and the check of what they handed out. */
export class TokenService {
  readonly #parts: TokenServiceParts;

  constructor(parts: TokenServiceParts) {
    this.#parts = parts;
  }

  /** `POST /oauth2/exchange`: a refresh token of the registry for an access token of Entra. */
  async exchange(exchange: Exchange): Promise<void> {
    const form = await exchange.form();
    if (form.get('grant_type') !== 'access_token' || !this.#isOurService(form)) throw unauthorized();
    const { entraTokens, settings, loginServer, cloud, tokens } = this.#parts;
    const holder = entraTokens.inspect(form.get('access_token') ?? '');
    if (holder === undefined || holder.identity.cloud !== cloud.name) throw unauthorized();
    const { identity, resource } = holder;
    if (!this.#isAccepted(resource)) throw unauthorized();
    if (form.has('tenant') && form.get('tenant') !== identity.tenantId) throw unauthorized();
    const hasRole = hasClassicRole(identity, loginServer);
    // In ABAC mode the lack of a role shows at the operation only.
    if (!settings.abac && !hasRole) throw settings.exchangeRefusal === 'denied' ? permissionsDenial() : unauthorized();
    await exchange.json(200, { refresh_token: tokens.issueRefreshToken(identity.objectId, identity.tenantId) });
  }

  /** `GET` and `POST /oauth2/token`: an access token for a refresh token, a user and password, or nobody. */
  async token(exchange: Exchange): Promise<void> {
    const isGet = exchange.method === 'GET';
    const fields = isGet ? exchange.query : await exchange.form();
    if (!this.#isOurService(fields)) throw unauthorized();
    const caller = isGet ? this.#basicCaller(exchange) : this.#postCaller(fields);
    if (caller === undefined) throw unauthorized();
    const access = grantable(parseScopes(fields.getAll('scope')), caller.rights);
    await exchange.json(200, { access_token: this.#parts.tokens.issueAccessToken(caller.subject, access) });
  }

  /** Checks that the request may do this; `undefined` asks for any caller at all. Throws the challenge otherwise. */
  authorize(exchange: Exchange, required: Access | undefined): void {
    const { callers, loginServer } = this.#parts;
    const bearer = exchange.authorization('Bearer');
    const basic = exchange.authorization('Basic');
    const caller = bearer === undefined ? basic && callers.byBasic(basic) : callers.byAccessToken(bearer);
    if (!caller) throw challenge(loginServer, required);
    if (required === undefined) return;
    const granted = caller.rights(required.type, required.name);
    if (!required.actions.every((action) => granted.includes(action))) throw challenge(loginServer, required);
  }

  /** A token for everything in a repository, for the tests' own look into a registry. */
  inspectionToken(repository: string): string {
    const access = parseScopes([`repository:${repository}:pull`, 'registry:catalog:*']);
    return this.#parts.tokens.issueAccessToken('inspection', grantable(access, allRights));
  }

  #isOurService(fields: URLSearchParams): boolean {
    return fields.get('service') === this.#parts.loginServer;
  }

  #isAccepted(resource: string): boolean {
    const { cloud, settings } = this.#parts;
    if (resource === registryAudience) return true;
    const management = [`https://${cloud.resourceManager}`, `https://${cloud.classicManagement}`];
    return settings.armAudience === 'enabled' && management.includes(resource);
  }

  #basicCaller(exchange: Exchange): Caller | undefined {
    const basic = exchange.authorization('Basic');
    return basic === undefined ? this.#parts.callers.anonymous() : this.#parts.callers.byBasic(basic);
  }

  #postCaller(fields: URLSearchParams): Caller | undefined {
    const { callers } = this.#parts;
    switch (fields.get('grant_type') ?? '') {
      case 'refresh_token':
        return callers.byRefreshToken(fields.get('refresh_token') ?? '');
      case 'password':
        // The Azure SDK asks for an anonymous token by this grant with an empty refresh token.
        if (!fields.has('username')) return callers.anonymous();
        return callers.byPassword(fields.get('username') ?? '', fields.get('password') ?? '');
      default:
        return undefined;
    }
  }
}
