import { stringify } from 'yaml';
import { kubernetesAudience } from '../identity/access-tokens.ts';
import type { Cluster } from './cluster.ts';

/** The application as which kubectl users sign in, in every cloud. */
const clientApplication = '80faf920-1908-4b52-b5ef-a8e7bedfc67a';

const environments = {
  AzureCloud: 'AzurePublicCloud',
  AzureUSGovernment: 'AzureUSGovernmentCloud',
  AzureChinaCloud: 'AzureChinaCloud',
};

export interface KubeconfigRequest {
  readonly role: 'clusterUser' | 'clusterAdmin';
  /** The `server-fqdn` query; null when it was not given. */
  readonly serverFqdn: string | null;
  /** The `format` query; null when it was not given. */
  readonly format: string | null;
}

/** A kubeconfig as Azure Resource Manager hands it out. */
export function kubeconfigOf(cluster: Cluster, request: KubeconfigRequest): string {
  const { name, settings } = cluster;
  const user = `${request.role}_${settings.resourceGroup}_${name}`;
  const host =
    request.serverFqdn === 'private' || (settings.private && request.serverFqdn !== 'public')
      ? cluster.privateFqdn
      : cluster.fqdn;
  const isLocal = request.role === 'clusterAdmin' || !settings.entra;
  return stringify({
    apiVersion: 'v1',
    clusters: [
      {
        cluster: {
          'certificate-authority-data': base64(cluster.authority.certificate),
          server: `https://${host}:443`,
        },
        name,
      },
    ],
    contexts: [{ context: { cluster: name, user }, name }],
    'current-context': name,
    kind: 'Config',
    preferences: {},
    users: [{ name: user, user: isLocal ? localUser(cluster) : entraUser(cluster, request.format) }],
  });
}

function localUser({ admin }: Cluster): Record<string, unknown> {
  return {
    'client-certificate-data': base64(admin.certificate),
    'client-key-data': base64(admin.key),
    token: admin.token,
  };
}

function entraUser({ settings }: Cluster, format: string | null): Record<string, unknown> {
  const environment = environments[settings.cloud];
  if (format === 'azure') {
    const config = {
      'apiserver-id': kubernetesAudience,
      'client-id': clientApplication,
      'config-mode': '1',
      environment,
      'tenant-id': settings.tenantId,
    };
    return { 'auth-provider': { config, name: 'azure' } };
  }
  const ids = ['--server-id', kubernetesAudience, '--client-id', clientApplication, '--tenant-id', settings.tenantId];
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      args: ['get-token', '--environment', environment, ...ids, '--login', 'devicecode'],
      command: 'kubelogin',
      env: null,
      installHint: '\nkubelogin is not installed which is required to connect to AAD enabled cluster.\n',
      provideClusterInfo: false,
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
