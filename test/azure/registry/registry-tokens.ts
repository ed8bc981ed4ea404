import { randomUUID } from 'node:crypto';
import { isInDate, validFor, type Claims } from '../identity/json-web-token.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import type { Access } from './access.ts';
import type { RegistrySettings } from './settings.ts';

const issuer = 'Azure Container Registry';

/** The refresh and access tokens of one registry. */
export class RegistryTokens {
  readonly #loginServer: string;
  readonly #settings: RegistrySettings;
  readonly #key: SigningKey;

  constructor(loginServer: string, settings: RegistrySettings, key: SigningKey) {
    this.#loginServer = loginServer;
    this.#settings = settings;
    this.#key = key;
  }

  issueRefreshToken(objectId: string, tenantId: string): string {
    return this.#key.sign({
      ...this.#common(objectId, this.#settings.refreshTokenLife),
      grant_type: 'refresh_token',
      version: '1.0',
      tenant: tenantId,
      permissions: { actions: ['*'], notActions: [] },
      roles: [],
    });
  }

  issueAccessToken(subject: string, access: readonly Access[]): string {
    const common = this.#common(subject, this.#settings.accessTokenLife);
    return this.#key.sign({ ...common, grant_type: 'access_token', version: '1.0', access, roles: [] });
  }

  /** The object id of the identity that holds this refresh token; undefined unless it is good. */
  inspectRefreshToken(token: string): string | undefined {
    const claims = this.#inspect(token, 'refresh_token');
    return claims && String(claims['sub']);
  }

  /** What this access token allows, and whom; undefined unless it is good. */
  inspectAccessToken(token: string): { subject: string; access: Access[] } | undefined {
    const claims = this.#inspect(token, 'access_token');
    // The claims are our own writing: the signature was checked.
    return claims && { subject: String(claims['sub']), access: claims['access'] as Access[] };
  }

  #inspect(token: string, grantType: string): Claims | undefined {
    const claims = this.#key.verify(token);
    const isOurs = claims?.['aud'] === this.#loginServer && claims['grant_type'] === grantType;
    return isOurs && isInDate(claims) ? claims : undefined;
  }

  #common(subject: string, life: number): Claims {
    return { jti: randomUUID(), sub: subject, ...validFor(life), iss: issuer, aud: this.#loginServer };
  }
}
