import type { Identity } from '../identity/identities.ts';

/** Actions on one resource of a registry: the `access` entries of its tokens, the scopes of its challenges. */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** What a caller may do with a resource of this type and name. */
export type Rights = (type: string, name: string) => readonly string[];

const classicRoles: Readonly<Record<string, readonly string[]>> = {
  AcrPull: ['pull', 'metadata_read', '*'],
  AcrPush: ['pull', 'push', 'metadata_read', 'metadata_write', '*'],
  AcrDelete: ['delete'],
};

const repositoryRoles: Readonly<Record<string, readonly string[]>> = {
  'Container Registry Repository Reader': ['pull', 'metadata_read'],
  'Container Registry Repository Writer': ['pull', 'push', 'metadata_read', 'metadata_write'],
  'Container Registry Repository Contributor': ['pull', 'push', 'delete', 'metadata_read', 'metadata_write'],
  'Container Registry Repository Catalog Lister': ['*'],
};

/** The action `*`, which only the catalog has, does not reach into repositories. */
const actionsOfType: Readonly<Record<string, readonly string[]>> = {
  repository: ['pull', 'push', 'delete', 'metadata_read', 'metadata_write'],
  registry: ['*'],
};

/**
 * What an identity's roles allow on a registry. A registry in ABAC mode knows the repository roles alone, any other
 * the classic ones alone.
 */
export function rightsOf(identity: Identity, loginServer: string, isAbac: boolean): Rights {
  const table = isAbac ? repositoryRoles : classicRoles;
  return (type, name) => {
    const assignments = identity.roles.filter(({ scope }) => scope === loginServer);
    const matching = assignments.filter(({ repositories = '*' }) => type === 'registry' || matches(repositories, name));
    return matching.flatMap(({ role }) => table[role] ?? []).filter((action) => actionsOfType[type]?.includes(action));
  };
}

/** Whether the identity has any of the classic roles on the registry. */
export function hasClassicRole(identity: Identity, loginServer: string): boolean {
  return identity.roles.some(({ role, scope }) => scope === loginServer && role in classicRoles);
}

/** Rights to everything, as the admin user has. */
export const allRights: Rights = (type) => actionsOfType[type] ?? [];

/** Rights that are limited to a token's access entries. */
export function rightsWithin(access: readonly Access[]): Rights {
  return (type, name) =>
    access.filter((entry) => entry.type === type && entry.name === name).flatMap(({ actions }) => actions);
}

/** The scopes of a token request: several parameters, or several scopes in one, parted by spaces. */
export function parseScopes(scopes: readonly string[]): Access[] {
  const words = scopes.flatMap((scope) => scope.split(' ')).filter((scope) => scope !== '');
  return words.map((scope) => {
    const [type = '', ...rest] = scope.split(':');
    return { type, name: rest.slice(0, -1).join(':'), actions: (rest.at(-1) ?? '').split(',') };
  });
}

/** The part of the wanted access that the rights allow; entries with nothing left are dropped. */
export function grantable(wanted: readonly Access[], rights: Rights): Access[] {
  const granted = wanted.map(({ type, name, actions }) => {
    const allowed = rights(type, name);
    return { type, name, actions: actions.filter((action) => allowed.includes(action)) };
  });
  return granted.filter(({ actions }) => actions.length > 0);
}

/** `pattern` is a repository's name, or a prefix ending in `*`. */
export function matches(pattern: string, repository: string): boolean {
  return pattern.endsWith('*') ? repository.startsWith(pattern.slice(0, -1)) : repository === pattern;
}
