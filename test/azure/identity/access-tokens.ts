import { randomUUID } from 'node:crypto';
import { clouds, type Cloud } from '../clouds.ts';
import type { Identities, Identity } from './identities.ts';
import { isInDate, validFor } from './json-web-token.ts';
import { SignInError } from './sign-in-error.ts';
import type { SigningKey } from './signing-key.ts';

/** The audience of tokens for container registries, in every cloud. */
export const registryAudience = 'https://containerregistry.azure.net';

/** The application that AKS clusters with Entra integration accept tokens for, in every cloud. */
export const kubernetesAudience = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** The application that Azure DevOps accepts tokens for. */
export const devOpsAudience = '499b84ac-1321-427f-aa17-267ca6975798';

/** Entra's access tokens: what they can be asked for, and what they prove. */
export class AccessTokens {
  /** Seconds for which a token is valid. Tests set it to watch a client renew. */
  life = 3600;
  /** Resources that the tenants do not know, though Azure does: asking for them ends in AADSTS500011. */
  readonly missingResources = new Set<string>();
  readonly #issued = new Set<unknown>();
  readonly #key: SigningKey;
  readonly #identities: Identities;

  constructor(key: SigningKey, identities: Identities) {
    this.#key = key;
    this.#identities = identities;
  }

  /** A token for an application and a resource (its URL, without `/.default`). Throws SignInError. */
  issue(identity: Identity, resource: string): string {
    const cloud = clouds[identity.cloud];
    if (!this.#isKnown(resource, cloud)) throw unknownResource(resource, identity.tenantId);
    const uti = randomUUID();
    this.#issued.add(uti);
    return this.#key.sign({
      aud: resource,
      iss: `${cloud.tokenIssuer}${identity.tenantId}/`,
      ...validFor(this.life),
      appid: identity.clientId,
      idtyp: 'app',
      oid: identity.objectId,
      sub: identity.objectId,
      tid: identity.tenantId,
      uti,
      ver: '1.0',
    });
  }

  /** Makes every token issued so far count as expired. */
  expireAll(): void {
    this.#issued.clear();
  }

  /** Who holds this token and for which resource; undefined for a forged or expired one. */
  inspect(token: string): { identity: Identity; resource: string } | undefined {
    const claims = this.#key.verify(token);
    if (claims === undefined || !isInDate(claims) || !this.#issued.has(claims['uti'])) return undefined;
    const identity = this.#identities.byObjectId(claims['oid']);
    return identity && { identity, resource: withoutSlash(String(claims['aud'])) };
  }

  #isKnown(resource: string, cloud: Cloud): boolean {
    const known = [
      registryAudience,
      kubernetesAudience,
      devOpsAudience,
      `https://${cloud.resourceManager}`,
      `https://${cloud.classicManagement}`,
    ];
    return known.includes(withoutSlash(resource)) && !this.missingResources.has(withoutSlash(resource));
  }
}

/** The resource of an OAuth scope `<resource>/.default`, the only form that applications may ask for. */
export function resourceOf(scope: string): string {
  const name = scope.split(' ').find((part) => part.endsWith('/.default'));
  if (name !== undefined) return name.slice(0, -'/.default'.length);
  const text = `The provided request must include a 'scope' that ends in '/.default', not '${scope}'.`;
  throw new SignInError(400, 'invalid_scope', 1002012, text);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function unknownResource(resource: string, tenantId: string): SignInError {
  const text =
    `The resource principal named ${resource} was not found in the tenant named ${tenantId}. This can happen if the ` +
    'application has not been installed by the administrator of the tenant or consented to by any user in the tenant.';
  return new SignInError(400, 'invalid_resource', 500011, text);
}
