import { stringify } from 'yaml';
import type { Cluster } from '../azure/index.ts';

/** The exec entry that AKS makes for users of Entra. */
export const deviceCodeUser = {
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'kubelogin',
    args: [
      'get-token',
      '--server-id',
      '6dae42f8-4368-4678-94ff-3960e28e3630',
      '--tenant-id',
      'contoso',
      '--login',
      'devicecode',
    ],
    env: null,
    provideClusterInfo: false,
  },
};

/** What a kubeconfig says of a cluster, as AKS writes it. */
export function clusterEntry({ fqdn, authority }: Cluster): Record<string, unknown> {
  return {
    server: `https://${fqdn}:443`,
    'certificate-authority-data': Buffer.from(authority.certificate).toString('base64'),
  };
}

/** A kubeconfig with one cluster and one user. */
export function kubeconfigWith(
  cluster: Readonly<Record<string, unknown>>,
  user: Readonly<Record<string, unknown>> = deviceCodeUser,
): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'web',
    clusters: [{ name: 'web', cluster }],
    contexts: [{ name: 'web', context: { cluster: 'web', user: 'someone' } }],
    users: [{ name: 'someone', user }],
  });
}
