/** How one registry is set up. Tests may change the settings of a running registry. */
export interface RegistrySettings {
  /** Role assignment mode `AbacRepositoryPermissions`: only the repository roles count. */
  abac: boolean;
  /** Policy `azureADAuthenticationAsArmPolicy`: whether tokens for Azure Resource Manager are taken. */
  armAudience: 'enabled' | 'disabled';
  /** Network rules shut the client out. */
  firewall: boolean;
  anonymousPull: boolean;
  /** The admin user, if it is enabled. */
  adminUser: UserPassword | undefined;
  /** Repository-scoped tokens. */
  tokens: readonly RepositoryToken[];
  /** How an identity without any role on the registry is refused at the token exchange. */
  exchangeRefusal: 'unauthorized' | 'denied';
  /** Whether blobs are fetched from the storage account behind the registry, by redirect. */
  blobRedirect: boolean;
  /** Whether upload locations are whole URLs. */
  absoluteLocations: boolean;
  /** Seconds for which refresh tokens are valid. */
  refreshTokenLife: number;
  /** Seconds for which access tokens are valid. */
  accessTokenLife: number;
}

export interface UserPassword {
  readonly username: string;
  readonly password: string;
}

export interface RepositoryToken extends UserPassword {
  /** Repositories (exact, or a prefix ending in `*`) with the token's actions on them. */
  readonly scopeMap: Readonly<Record<string, readonly ('pull' | 'push' | 'delete')[]>>;
}

/** The settings of a registry as `az acr create` makes it. */
export function defaultSettings(): RegistrySettings {
  return {
    abac: false,
    armAudience: 'enabled',
    firewall: false,
    anonymousPull: false,
    adminUser: undefined,
    tokens: [],
    exchangeRefusal: 'unauthorized',
    blobRedirect: true,
    absoluteLocations: false,
    refreshTokenLife: 3 * 60 * 60,
    accessTokenLife: 75 * 60,
  };
}
