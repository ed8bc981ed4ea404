import { aadstsCode, type AzureCredential } from '../azure/index.ts';
import type { Sender } from '../network/index.ts';
import { TaskError } from '../task/outcome.ts';
import { answerField, checkedAnswer, lifeOf } from './client/answer.ts';
import { isAzureLoginServer } from './reference.ts';

/** The user name that goes with a token in the place of a password (Azure/acr, docs/AAD-OAuth.md). */
export const tokenUser = '00000000-0000-0000-0000-000000000000';

/** How a client file (docker's or helm's config.json) names who we are. */
export type ClientAuth = { readonly identitytoken: string } | { readonly auth: string };

/** User and password as every client of registries takes them. */
export interface PasswordLogin {
  readonly username: string;
  readonly password: string;
  /** When the password ends by itself. */
  readonly expires?: Date;
}

/** Who we are towards one registry. */
export interface RegistrySignIn {
  readonly kind: 'azure' | 'password' | 'nobody';
  /** The fields that prove it to the registry's `/oauth2/token`; undefined for nobody, who proves nothing. */
  proof(): Promise<Readonly<Record<string, string>> | undefined>;
  /** The same for a client's config file. */
  clientAuth(): Promise<ClientAuth>;
  /** The same for clients that know user and password alone; undefined for nobody. */
  passwordLogin(): Promise<PasswordLogin | undefined>;
  /** Why the registry may have refused the sign-in itself, and what to do. @param roles those that allow the action. */
  refusalHint(roles: string): string;
}

/** User and password of a Docker registry connection: an ACR token, the admin user, or a service principal. */
export function passwordSignIn(username: string, password: string): RegistrySignIn {
  return {
    kind: 'password',
    proof: async () => ({ grant_type: 'password', username, password }),
    clientAuth: async () => ({ auth: Buffer.from(`${username}:${password}`).toString('base64') }),
    passwordLogin: async () => ({ username, password }),
    refusalHint: () =>
      `the user '${username}' or the password of the Docker registry connection is wrong, expired or disabled ` +
      '(an ACR token needs a scope map; the admin user must be enabled under Access keys)',
  };
}

/** Nobody: what a registry gives to everybody; Azure Container Registry calls it anonymous pull. */
export function nobody(loginServer: string): RegistrySignIn {
  return {
    kind: 'nobody',
    proof: async () => undefined,
    // A client takes an empty entry for none.
    clientAuth: async () => ({ auth: '' }),
    passwordLogin: async () => undefined,
    refusalHint: (roles) => {
      const azure = isAzureLoginServer(loginServer) ? `azureSubscription, whose identity needs ${roles}, or ` : '';
      return `give a connection that may pull it as input ${azure}containerRegistry, with user and password`;
    },
  };
}

/** The audience every registry accepts, in every cloud (azure-sdk-for-net#34785). */
const registryScope = 'https://containerregistry.azure.net/.default';
/** Some tenants lack the registry's service principal; Entra ID then does not know the audience. */
const unknownAudience = new Set(['500011', '50001']);
const renewalMs = 5 * 60_000;

/** Exchanges an Entra access token for a registry refresh token. */
export type TokenExchange = (accessToken: string, tenantId: string | undefined) => Promise<RefreshToken>;

interface RefreshToken {
  readonly token: string;
  readonly expires: Date;
}

/**
 * An Azure identity: one token exchange serves all repositories of a step, until five minutes before its end.
 * The Azure SDK would exchange once for every repository, and gives no refresh token to hand to helm.
 */
export function azureSignIn(credential: AzureCredential, exchange: TokenExchange): RegistrySignIn {
  let armAudience = false;
  let current: Promise<RefreshToken> | undefined;

  async function accessToken(): Promise<string> {
    try {
      return (await credential.getToken(registryScope)).token;
    } catch (error) {
      const code = aadstsCode(error instanceof TaskError ? error.cause : error);
      if (code === undefined || !unknownAudience.has(code)) throw error;
      armAudience = true;
      return (await credential.getToken(`${credential.cloud.resourceManager}/.default`)).token;
    }
  }

  async function refreshToken(): Promise<RefreshToken> {
    current ??= renewed();
    const under = current;
    const known = await under;
    if (known.expires.getTime() - Date.now() >= renewalMs) return known;
    // Of all who wait for the same token only the first asks for another one.
    if (current === under) current = renewed();
    return current;
  }

  function renewed(): Promise<RefreshToken> {
    const next = accessToken().then((token) => exchange(token, credential.tenantId));
    next.catch(() => {
      if (current === next) current = undefined;
    });
    return next;
  }

  return {
    kind: 'azure',
    proof: async () => ({ grant_type: 'refresh_token', refresh_token: (await refreshToken()).token }),
    clientAuth: async () => ({ identitytoken: (await refreshToken()).token }),
    passwordLogin: async () => {
      const { token, expires } = await refreshToken();
      return { username: tokenUser, password: token, expires };
    },
    refusalHint: (roles) => azureRefusal(roles, armAudience),
  };
}

/** @param armAudience the registry's own audience was unknown, so that it was asked with that of Azure Resource Manager */
function azureRefusal(roles: string, armAudience: boolean): string {
  return armAudience
    ? 'the tenant does not know the registry audience https://containerregistry.azure.net, and the registry did ' +
        "not take the Azure Resource Manager audience instead: set its policy azureADAuthenticationAsArmPolicy to 'enabled', " +
        `and assign ${roles} to the identity of the service connection`
    : `assign ${roles} to the identity of the service connection; if it has the role, it may belong to another tenant than the registry`;
}

/** A registry that says nothing of a token's end gives it 75 minutes at least (Azure/acr, docs/AAD-OAuth.md). */
const shortestLifeMs = 75 * 60_000;

/**
 * Exchanges Entra access tokens at a registry: `POST https://{loginServer}/oauth2/exchange`.
 * @throws Refusal when the registry refuses.
 */
export function tokenExchange(loginServer: string, send: Sender): TokenExchange {
  return async (accessToken, tenantId) => {
    const form = new URLSearchParams({ grant_type: 'access_token', service: loginServer, access_token: accessToken });
    if (tenantId !== undefined) form.set('tenant', tenantId);
    const answer = await send({
      method: 'POST',
      url: `https://${loginServer}/oauth2/exchange`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    const body = checkedAnswer(answer, loginServer, [200], 'sign-in').bytes.toString('utf8');
    const token = answerField(body, 'refresh_token');
    if (token === undefined) {
      throw new TaskError(
        `${loginServer} answered the token exchange with something else than a token; is it an Azure container registry?`,
      );
    }
    return { token, expires: expiry(token) };
  };
}

/** The endpoint does not tell a token's life; it stands in the token. */
function expiry(token: string): Date {
  return new Date(Date.now() + (lifeOf(token) ?? shortestLifeMs));
}
