import { randomBytes, randomUUID } from 'node:crypto';
import { clouds, type Cloud, type CloudName } from '../clouds.ts';

/** A role given to an identity, on one resource. */
export interface RoleAssignment {
  /** The role's exact Azure name, such as `AcrPush` or `Container Registry Repository Reader`. */
  readonly role: string;
  /** What it was given on: for registries the login server. */
  readonly scope: string;
  /** Condition of a repository role: the repositories it is for, exact, or a prefix ending in `*`. All when absent. */
  readonly repositories?: string;
}

/** What an identity proves itself with. */
interface Credentials {
  federated: { readonly serviceConnectionId: string };
  secret: { readonly secret: string };
  /** The certificate registered with Entra, as PEM. */
  certificate: { readonly certificate: string };
  managed: { readonly systemAssigned: boolean };
}

interface Principal {
  readonly cloud: CloudName;
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  /** Tests may give and take roles at any time. */
  readonly roles: RoleAssignment[];
}

export type IdentityKind = keyof Credentials;
export type Identity<K extends IdentityKind = IdentityKind> = { [P in K]: Principal & { kind: P } & Credentials[P] }[K];

type Input<K extends IdentityKind> = { readonly kind: K } & Partial<Principal> &
  (K extends 'certificate' ? Credentials[K] : Partial<Credentials[K]>);

type AnyInput = Input<'federated'> | Input<'secret'> | Input<'certificate'> | Input<'managed'>;

/** The tenant that identities belong to unless they name another. */
export const contosoTenant = '72f988bf-0001-4000-8000-00000c0a7050';

/** The applications and managed identities that the played Entra knows. */
export class Identities {
  readonly #all: Identity[] = [];

  /** Registers an identity; whatever is left out gets a fresh value. */
  add(input: Input<'federated'>): Identity<'federated'>;
  add(input: Input<'secret'>): Identity<'secret'>;
  add(input: Input<'certificate'>): Identity<'certificate'>;
  add(input: Input<'managed'>): Identity<'managed'>;
  add(input: AnyInput): Identity {
    const identity = completed(input);
    this.#all.push(identity);
    return identity;
  }

  /** The identity with this client id in this tenant. */
  find(tenantId: string, clientId: string): Identity | undefined {
    return this.#all.find((identity) => identity.tenantId === tenantId && identity.clientId === clientId);
  }

  /** The identity that a token's `oid` claim names. */
  byObjectId(objectId: unknown): Identity | undefined {
    return this.#all.find((identity) => identity.objectId === objectId);
  }

  /** The identity that a service connection signs in as. */
  byServiceConnection(id: string): Identity<'federated'> | undefined {
    return this.#federated.find(({ serviceConnectionId }) => serviceConnectionId.toLowerCase() === id.toLowerCase());
  }

  /** The managed identity of the machine: by client id, or the system-assigned one. */
  managed(clientId: string | null): Identity<'managed'> | undefined {
    const managed = this.#all.filter((identity) => identity.kind === 'managed');
    return managed.find((identity) => (clientId === null ? identity.systemAssigned : identity.clientId === clientId));
  }

  /** The application with this client id and secret in any tenant, as a registry's token service looks it up. */
  bySecret(clientId: string, secret: string): Identity<'secret'> | undefined {
    const withSecret = this.#all.filter((identity) => identity.kind === 'secret');
    return withSecret.find((identity) => identity.clientId === clientId && identity.secret === secret);
  }

  hasTenant(tenantId: string, cloud: Cloud): boolean {
    const isKnown = this.#all.some((identity) => identity.tenantId === tenantId && identity.cloud === cloud.name);
    return isKnown || (tenantId === contosoTenant && cloud === clouds.AzureCloud);
  }

  get #federated(): Identity<'federated'>[] {
    return this.#all.filter((identity) => identity.kind === 'federated');
  }
}

function completed(input: AnyInput): Identity {
  if (input.kind === 'federated') return { ...freshPrincipal(), serviceConnectionId: randomUUID(), ...input };
  if (input.kind === 'secret') return { ...freshPrincipal(), secret: freshSecret(), ...input };
  if (input.kind === 'managed') return { ...freshPrincipal(), systemAssigned: false, ...input };
  return { ...freshPrincipal(), ...input };
}

function freshSecret(): string {
  return `~${randomBytes(24).toString('base64url')}`;
}

function freshPrincipal(): Principal {
  const ids = { clientId: randomUUID(), objectId: randomUUID() };
  return { cloud: 'AzureCloud', tenantId: contosoTenant, ...ids, roles: [] };
}
