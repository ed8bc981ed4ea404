import { goYamlText } from '../go/write-yaml.ts';
import { type ExecEntry, execVersion } from '../kubelogin/exec-entry.ts';
import type { ClusterAccess, LocalUser } from './read-kubeconfig.ts';

/** What a kubeconfig is to say besides how the cluster is reached. */
interface KubeconfigParts {
  readonly context: string;
  readonly namespace: string | undefined;
  /** The proxy on the way to the API server. */
  readonly proxyUrl: string | undefined;
  /** How its user gets tokens; undefined for a local account. */
  readonly exec: ExecEntry | undefined;
}

/** The text of a kubeconfig with one context. Everything that its user needs is in it, secrets included. */
export function kubeconfigText(access: ClusterAccess, parts: KubeconfigParts): string {
  const { cluster, userName, server, certificateAuthority, tlsServerName, user } = access;
  const { context, namespace, proxyUrl, exec } = parts;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [
      {
        name: cluster,
        cluster: {
          server,
          'certificate-authority-data': base64(certificateAuthority),
          ...(tlsServerName !== undefined && { 'tls-server-name': tlsServerName }),
          ...(proxyUrl !== undefined && { 'proxy-url': proxyUrl }),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster, user: userName, ...(namespace !== undefined && { namespace }) } }],
    users: [{ name: userName, user: user.kind === 'local' ? localFields(user) : { exec: exec && execFields(exec) } }],
  };
  return goYamlText(config);
}

function execFields({ command, args, env, apiVersion, provideClusterInfo }: ExecEntry): Record<string, unknown> {
  return {
    apiVersion: apiVersion ?? execVersion,
    command,
    args,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    // Nobody sits at an agent, so nothing may ever wait for input.
    interactiveMode: 'Never',
    provideClusterInfo: provideClusterInfo ?? false,
  };
}

function localFields({ certificate, token, tokenFile }: LocalUser): Record<string, string> {
  return {
    ...(certificate && {
      'client-certificate-data': base64(certificate.pem),
      'client-key-data': base64(certificate.key),
    }),
    ...(tokenFile !== undefined ? { tokenFile } : token !== undefined && { token }),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
