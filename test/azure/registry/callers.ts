import type { Identities } from '../identity/identities.ts';
import { allRights, matches, rightsOf, rightsWithin, type Rights } from './access.ts';
import type { RegistryTokens } from './registry-tokens.ts';
import type { RegistrySettings } from './settings.ts';

/** Somebody whom the registry knows. */
export interface Caller {
  readonly subject: string;
  readonly rights: Rights;
}

/** The user name that goes with a token in the place of the password. */
const tokenUser = '00000000-0000-0000-0000-000000000000';

const pullRights: Rights = (type) => (type === 'repository' ? ['pull', 'metadata_read'] : []);

/** Finds out who calls, by each of the ways in which a registry lets itself be called. */
export class Callers {
  readonly #loginServer: string;
  readonly #settings: RegistrySettings;
  readonly #identities: Identities;
  readonly #tokens: RegistryTokens;

  constructor(loginServer: string, settings: RegistrySettings, identities: Identities, tokens: RegistryTokens) {
    this.#loginServer = loginServer;
    this.#settings = settings;
    this.#identities = identities;
    this.#tokens = tokens;
  }

  byRefreshToken(token: string): Caller | undefined {
    const identity = this.#identities.byObjectId(this.#tokens.inspectRefreshToken(token));
    if (identity === undefined) return undefined;
    return { subject: identity.objectId, rights: rightsOf(identity, this.#loginServer, this.#settings.abac) };
  }

  /** The holder of an access token, within the limits of that token. */
  byAccessToken(token: string): Caller | undefined {
    const holder = this.#tokens.inspectAccessToken(token);
    return holder && { subject: holder.subject, rights: rightsWithin(holder.access) };
  }

  /** The value of a Basic authorization header. */
  byBasic(value: string): Caller | undefined {
    const [username = '', ...password] = Buffer.from(value, 'base64').toString().split(':');
    return this.byPassword(username, password.join(':'));
  }

  byPassword(username: string, password: string): Caller | undefined {
    if (username === tokenUser) return this.byRefreshToken(password) ?? this.byAccessToken(password);
    return (
      this.#admin(username, password) ??
      this.#repositoryToken(username, password) ??
      this.#application(username, password)
    );
  }

  anonymous(): Caller | undefined {
    return this.#settings.anonymousPull ? { subject: 'anonymous', rights: pullRights } : undefined;
  }

  #admin(username: string, password: string): Caller | undefined {
    const { adminUser } = this.#settings;
    const isAdmin = adminUser?.username === username && adminUser.password === password;
    return isAdmin ? { subject: username, rights: allRights } : undefined;
  }

  #repositoryToken(username: string, password: string): Caller | undefined {
    const token = this.#settings.tokens.find((one) => one.username === username && one.password === password);
    if (token === undefined) return undefined;
    const entries = Object.entries(token.scopeMap);
    const rights: Rights = (type, name) =>
      type === 'repository'
        ? entries.filter(([pattern]) => matches(pattern, name)).flatMap(([, actions]) => actions)
        : [];
    return { subject: username, rights };
  }

  #application(clientId: string, secret: string): Caller | undefined {
    const identity = this.#identities.bySecret(clientId, secret);
    if (identity === undefined) return undefined;
    return { subject: clientId, rights: rightsOf(identity, this.#loginServer, this.#settings.abac) };
  }
}
