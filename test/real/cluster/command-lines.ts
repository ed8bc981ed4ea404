import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The names of files in the cluster's folder. */
export const files = {
  serverCertificate: 'server.pem',
  serverKey: 'server.key',
  clientAuthority: 'client-authority.pem',
  tokens: 'tokens.csv',
  serviceAccountKey: 'service-accounts.key',
  authentication: 'authentication.yaml',
  kubeconfig: 'admin.kubeconfig',
} as const;

/** How pods and the node behave, as kwok reads it; BEHAVIOUR in it stands for how a pod is to behave. */
export const stagesFolder = path.join(import.meta.dirname, 'stages');

// Sockets in the folder need no free port. etcd insists on a port, which becomes part of the file's name.
const etcdClients = 'unix://clients:0';
const etcdPeers = 'unix://peers:0';

/** How the programs of the control plane are called; all run in the cluster's folder. */
export const commandLines = {
  etcd: flags({
    'unsafe-no-fsync': true,
    'data-dir': 'etcd',
    'log-level': 'warn',
    'listen-client-urls': etcdClients,
    'advertise-client-urls': etcdClients,
    'listen-peer-urls': etcdPeers,
    'initial-advertise-peer-urls': etcdPeers,
    'initial-cluster': `default=${etcdPeers}`,
  }),
  'kube-controller-manager': flags({
    kubeconfig: files.kubeconfig,
    'leader-elect': false,
    'secure-port': 0,
    'use-service-account-credentials': true,
    'service-account-private-key-file': files.serviceAccountKey,
    'root-ca-file': files.clientAuthority,
    // With its own limits it takes five seconds to start, instead of one.
    'kube-api-qps': 1000,
    'kube-api-burst': 1000,
  }),
  'kube-scheduler': flags({ kubeconfig: files.kubeconfig, 'leader-elect': false, 'secure-port': 0 }),
};

/**
 * How kwok is called.
 * @param port of the loopback where it answers as the node's kubelet, which has the logs of pods
 * @param more files with stages and logs beside those of every cluster
 */
export function kwokCommandLine(port: number, more: readonly string[]): string[] {
  return flags({
    kubeconfig: files.kubeconfig,
    'manage-all-nodes': true,
    'node-lease-duration-seconds': 40,
    'node-ip': '127.0.0.1',
    'node-port': port,
    'server-address': `127.0.0.1:${port}`,
    cidr: '10.244.0.1/16',
    config: [...readdirSync(stagesFolder), ...more],
  });
}

/** How the API server is called that listens on this port of the loopback. */
export function apiServerCommandLine(port: number): string[] {
  return flags({
    'etcd-servers': etcdClients,
    'bind-address': '127.0.0.1',
    'secure-port': port,
    // No pod ever connects to it, and the machine may have no other address than its loopback.
    'advertise-address': '10.224.0.2',
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': '10.0.0.0/16',
    // The name of a played node leads nowhere.
    'kubelet-preferred-address-types': 'InternalIP',
    // Webhooks are looked for by their endpoints, as on AKS, where the server is outside of the cluster's network.
    'enable-aggregator-routing': true,
    'cert-dir': '.',
    'tls-cert-file': files.serverCertificate,
    'tls-private-key-file': files.serverKey,
    'client-ca-file': files.clientAuthority,
    'token-auth-file': files.tokens,
    'authentication-config': files.authentication,
    'authorization-mode': 'Node,RBAC',
    // As on AKS, whose own pods are: who else may be privileged is for policies to say.
    'allow-privileged': true,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': files.serviceAccountKey,
    'service-account-signing-key-file': files.serviceAccountKey,
  });
}

type Flag = string | number | boolean | readonly string[];

/** A list of values becomes a flag each. */
function flags(values: Readonly<Record<string, Flag>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => `--${name}=${one}`));
}
