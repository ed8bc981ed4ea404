import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { behaviourAnnotation, kubernetesAudience, releaseAnnotation, type Cluster } from '../../azure/index.ts';
import { files, stagesFolder } from './command-lines.ts';

interface ClusterFiles {
  readonly folder: string;
  readonly cluster: Cluster;
  /** The authority of Azure on loopback, as PEM. */
  readonly azureAuthority: string;
  /** Of the API server, on loopback. */
  readonly port: number;
  /** More files, by their names. */
  readonly more: Readonly<Record<string, string>>;
}

/** Writes what the programs of the control plane read. */
export async function writeClusterFiles({ folder, cluster, azureAuthority, port, more }: ClusterFiles): Promise<void> {
  const { authority, admin, fqdn } = cluster;
  const server = authority.serverCredential(fqdn);
  const content = {
    [files.serverCertificate]: server.certificate,
    [files.serverKey]: server.key,
    [files.clientAuthority]: authority.certificate,
    [files.tokens]: `${admin.token},masterclient,masterclient,system:masters\n`,
    [files.serviceAccountKey]: serviceAccountKey(),
    [files.authentication]: stringify(authentication(cluster, azureAuthority)),
    [files.kubeconfig]: stringify(kubeconfig(cluster, port)),
    ...stages(),
    ...more,
  };
  const writes = Object.entries(content).map(([name, text]) => writeFile(path.join(folder, name), text));
  await Promise.all(writes);
}

/** How a pod is to behave, as the small API server of `test/azure` sees it: an expression of jq, as YAML. */
const behaviour = JSON.stringify(`
  [.metadata.annotations["${behaviourAnnotation}"],
    (.spec.containers[].image | capture("(?<last>[^/:@]+)(:[^/]*)?(@.*)?$").last)] as $names |
  (["ready", "slow", "crash-loop", "image-pull-error", "never-ready", "failing", "played"] |
    map(select(. as $one | any($names[]; . == $one))) | first // "ready") as $behaviour |
  if $behaviour == "slow" and .metadata.annotations["${releaseAnnotation}"] == "true" then "ready" else $behaviour end
`);

function stages(): Record<string, string> {
  const named = readdirSync(stagesFolder).map((name) => [name, readFileSync(path.join(stagesFolder, name), 'utf8')]);
  return Object.fromEntries(
    named.map(([name = '', text = '']) => [name, text.replaceAll('BEHAVIOUR', () => behaviour)]),
  );
}

/** The API server reads private elliptic keys in their own format only. */
function serviceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

/** Lets Entra's users in under their object id, as AKS does, and nobody without a name. */
function authentication(cluster: Cluster, certificateAuthority: string): Record<string, unknown> {
  const { settings, cloud } = cluster;
  const entra = {
    issuer: {
      // Access tokens name the issuer of version 1; only that version's document names it too.
      url: `${cloud.tokenIssuer}${settings.tenantId}/`,
      discoveryURL: `https://${cloud.authority}/${settings.tenantId}/.well-known/openid-configuration`,
      certificateAuthority,
      audiences: [kubernetesAudience],
    },
    claimMappings: { username: { claim: 'oid', prefix: '' } },
  };
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    anonymous: { enabled: false },
    jwt: settings.entra ? [entra] : [],
  };
}

/** The administrator's way to the API server on loopback, for whoever goes through no proxy. */
function kubeconfig({ name, authority, admin, fqdn }: Cluster, port: number): Record<string, unknown> {
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'tls-server-name': fqdn,
    'certificate-authority-data': Buffer.from(authority.certificate).toString('base64'),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster }],
    contexts: [{ name, context: { cluster: name, user: 'masterclient' } }],
    users: [{ name: 'masterclient', user: { token: admin.token } }],
  };
}
