import { X509Certificate } from 'node:crypto';
import { readPlainYaml } from '../go/document.ts';
import { type Fields, fieldsOf, namedEntry, optionalFields, optionalText, requiredText, texts } from '../go/mapping.ts';
import type { TokenAudience } from '../kubelogin/exec-entry.ts';
import { TaskError } from '../task/outcome.ts';
import { learnSecret } from '../text/shown.ts';
import { shown } from '../text/shown.ts';

/** How one cluster is reached and by whom: what a kubeconfig of Azure Resource Manager says, checked. */
export interface ClusterAccess {
  /** Name of the cluster's entry. */
  readonly cluster: string;
  /** Name of the user's entry. */
  readonly userName: string;
  /** Address of the API server as it was given, such as `https://contoso-dns-1a2b3c4d.hcp.eastus.azmk8s.io:443`. */
  readonly server: string;
  /** PEM of the authority that signs the API server's certificate. */
  readonly certificateAuthority: string;
  readonly user: LocalUser | EntraUser;
}

/** Someone whom the cluster itself knows: a client certificate, a token or both. */
export interface LocalUser {
  readonly kind: 'local';
  /** Certificate and private key, as PEM. */
  readonly certificate: { readonly pem: string; readonly key: string } | undefined;
  readonly token: string | undefined;
}

/** Someone who gets a token from Entra ID. */
export interface EntraUser extends TokenAudience {
  readonly kind: 'entra';
}

/** A kubeconfig of Azure Resource Manager has about 10 kB. */
const largest = 1024 * 1024;

/** Fields by which a kubeconfig would make every kubectl read a file of the agent. */
const fileFields = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/**
 * Reads what the current context of a kubeconfig says. Whatever else stands in it is left behind, since it is written
 * by somebody else and later steps would run it.
 * @param mask is told every secret in it before anything else is done with it
 * @throws TaskError when it is no kubeconfig, or when it would run another program than kubelogin, read a file of the
 * agent, or talk to the API server without TLS.
 */
export function readKubeconfig(text: string, mask: (secret: string) => void = learnSecret): ClusterAccess {
  const config = fieldsOf(parsed(text), 'kubeconfig');
  secretsIn(config.values['users']).forEach(mask);
  const contextName = requiredText(config, 'current-context');
  const context = namedEntry(config, 'contexts', contextName, 'context');
  const clusterName = requiredText(context, 'cluster');
  const userName = requiredText(context, 'user');
  const cluster = namedEntry(config, 'clusters', clusterName, 'cluster');
  const user = namedEntry(config, 'users', userName, 'user');
  [cluster, user].forEach(refuseFiles);
  if (cluster.values['insecure-skip-tls-verify'] === true) {
    throw new TaskError("The kubeconfig is refused: it switches the check of the API server's certificate off.");
  }
  return {
    cluster: clusterName,
    userName,
    server: serverOf(cluster),
    certificateAuthority: certificateIn(cluster, 'certificate-authority-data'),
    user: entraUser(user) ?? localUser(user),
  };
}

function parsed(text: string): unknown {
  if (text.length > largest) {
    throw new TaskError(`The kubeconfig is refused: it has ${text.length} characters; at most ${largest} are read.`);
  }
  return readPlainYaml(text, 'kubeconfig');
}

/** Fields whose values give access, at any depth: those of a user, and of the sign-in of older kubectls. */
const secretFields = /^(token|password|client-key-data|(access|refresh|id)-token|client-secret)$/;

/** What gives access in the users of a kubeconfig; of private keys also the text. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (typeof member !== 'string') return secretsIn(member);
    if (!secretFields.test(name)) return [];
    return name === 'client-key-data' ? [member, decoded(member)] : [member];
  });
}

function refuseFiles({ path, values }: Fields): void {
  const field = fileFields.find((name) => values[name] !== undefined && values[name] !== null && values[name] !== '');
  if (field === undefined) return;
  throw new TaskError(`The kubeconfig is refused: ${path}.${field} names a file of this agent.`);
}

/**
 * AKS names every API server, private ones too, by the rules of DNS. More would end in the scripts that paste the address,
 * and a bare number leads to no cluster but may lead to a service of the agent's own network.
 */
const namedServer =
  /^https:\/\/(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])?(?::\d{1,5})?\/?$/i;

function serverOf(cluster: Fields): string {
  const server = requiredText(cluster, 'server');
  if (namedServer.test(server) && URL.canParse(server)) return server;
  throw new TaskError(
    `The kubeconfig is refused: its server is ${shown(server)}; it must be a plain https address of a named host, such ` +
      'as https://contoso-dns-1a2b3c4d.hcp.eastus.azmk8s.io:443.',
  );
}

function entraUser(user: Fields): EntraUser | undefined {
  const exec = optionalFields(user, 'exec');
  if (exec !== undefined) return execUser(exec);
  // Clusters that are older than Kubernetes 1.24 answer in the form of before exec entries.
  const provider = optionalFields(user, 'auth-provider');
  if (provider === undefined) return undefined;
  const [name, config] = [requiredText(provider, 'name'), optionalFields(provider, 'config')];
  if (name !== 'azure' || config === undefined) {
    throw new TaskError(
      `The kubeconfig is refused: its users sign in by ${shown(name)}, which this task does not know.`,
    );
  }
  return entra(requiredText(config, 'apiserver-id'), optionalText(config, 'tenant-id'));
}

function execUser(exec: Fields): EntraUser {
  const command = requiredText(exec, 'command');
  if (command !== 'kubelogin') {
    throw new TaskError(`The kubeconfig is refused: it would run ${shown(command)}; only kubelogin is expected there.`);
  }
  const args = texts(exec, 'args');
  const valueOf = (flag: string): string | undefined =>
    args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
  const serverId = valueOf('--server-id');
  if (serverId === undefined) throw new TaskError(`The kubeconfig is unusable: ${exec.path}.args has no --server-id.`);
  return entra(serverId, valueOf('--tenant-id'));
}

function entra(serverId: string, tenantId: string | undefined): EntraUser {
  for (const id of [serverId, tenantId]) {
    if (id === undefined || /^[\da-z][\da-z.-]{0,100}$/i.test(id)) continue;
    throw new TaskError(`The kubeconfig is refused: ${shown(id)} is no id of an application or a tenant.`);
  }
  return { kind: 'entra', serverId, tenantId };
}

function localUser(user: Fields): LocalUser {
  const key = optionalText(user, 'client-key-data');
  const token = optionalText(user, 'token');
  const certificate =
    key === undefined ? undefined : { pem: certificateIn(user, 'client-certificate-data'), key: decoded(key) };
  if (certificate === undefined && token === undefined) {
    throw new TaskError('The kubeconfig is unusable: its user has neither a certificate, nor a token, nor kubelogin.');
  }
  return { kind: 'local', certificate, token };
}

function certificateIn(fields: Fields, name: string): string {
  const pem = decoded(requiredText(fields, name));
  if (isCertificate(pem)) return pem;
  throw new TaskError(`The kubeconfig is unusable: ${fields.path}.${name} is no certificate.`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
