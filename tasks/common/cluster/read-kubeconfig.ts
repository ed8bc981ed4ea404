import { type Fields, optionalFields, optionalText, requiredText, texts } from '../go/mapping.ts';
import type { TokenAudience } from '../kubelogin/exec-entry.ts';
import { TaskError } from '../task/outcome.ts';
import { learnSecret, shown } from '../text/shown.ts';
import { certificateIn, currentContext, decoded } from './current-context.ts';

/** How one cluster is reached and by whom: what a kubeconfig says, checked. */
export interface ClusterAccess {
  /** Name of the cluster's entry. */
  readonly cluster: string;
  /** Name of the user's entry. */
  readonly userName: string;
  /** Address of the API server as it was given, such as `https://contoso-dns-1a2b3c4d.hcp.eastus.azmk8s.io:443`. */
  readonly server: string;
  /** PEM of the authority that signs the API server's certificate. */
  readonly certificateAuthority: string;
  /** The name in the API server's certificate, where it is not the one in its address. */
  readonly tlsServerName?: string;
  readonly user: LocalUser | EntraUser | ProgramUser;
}

/** Someone whom the cluster itself knows: a client certificate, a token or both. */
export interface LocalUser {
  readonly kind: 'local';
  /** Certificate and private key, as PEM. */
  readonly certificate: { readonly pem: string; readonly key: string } | undefined;
  readonly token: string | undefined;
  /** Absolute path of a file with a token that somebody renews; it counts instead of `token`. */
  readonly tokenFile?: string;
}

/** Someone who gets a token from Entra ID. */
export interface EntraUser extends TokenAudience {
  readonly kind: 'entra';
}

/** Someone who gets a token from a program of which no more is known. */
export interface ProgramUser {
  readonly kind: 'program';
}

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
  const { clusterName, userName, cluster, user } = currentContext(text, mask);
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
