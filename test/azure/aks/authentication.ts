import { X509Certificate } from 'node:crypto';
import { kubernetesAudience, type AccessTokens } from '../identity/access-tokens.ts';
import type { RoleAssignment } from '../identity/identities.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Cluster } from './cluster.ts';

/** Who calls an API server. */
export interface User {
  /** The object id of an Entra identity, as AKS names applications. */
  readonly name: string;
  readonly groups: readonly string[];
  /** The Azure roles of an Entra identity. */
  readonly roles: readonly RoleAssignment[];
}

const administrator: User = { name: 'masterclient', groups: ['system:masters', 'system:authenticated'], roles: [] };

/** Who sent the request: by a token of Entra for this cluster's tenant, or as a local account; undefined for no one. */
export function userOf(exchange: Exchange, cluster: Cluster, accessTokens: AccessTokens): User | undefined {
  const token = exchange.authorization('Bearer');
  if (token === undefined) return isSignedBy(cluster, exchange.clientCertificate) ? administrator : undefined;
  if (token === cluster.admin.token) return administrator;
  const holder = cluster.settings.entra ? accessTokens.inspect(token) : undefined;
  if (holder?.resource !== kubernetesAudience || holder.identity.tenantId !== cluster.settings.tenantId) {
    return undefined;
  }
  const { objectId, roles } = holder.identity;
  return { name: objectId, groups: ['system:authenticated'], roles };
}

function isSignedBy(cluster: Cluster, certificate: X509Certificate | undefined): boolean {
  return certificate?.verify(new X509Certificate(cluster.authority.certificate).publicKey) ?? false;
}
