import path from 'node:path';
import { unescape } from 'node:querystring';
import { type Fields, optionalFields, optionalText, requiredText } from '../go/mapping.ts';
import type { ExecEntry } from '../kubelogin/exec-entry.ts';
import type { TaskContext } from '../task/context.ts';
import { readRegularFile, realPath } from '../task/job-files.ts';
import { TaskError } from '../task/outcome.ts';
import { shown, visible } from '../text/shown.ts';
import { checkedCertificate, currentContext } from './current-context.ts';
import { execEntryOf, execUserOf } from './exec-user.ts';
import { fileOrData, KubeconfigFolder } from './kubeconfig-data.ts';
import { type OpenCluster, proxyFor } from './open-cluster.ts';
import type { ClusterAccess, LocalUser } from './read-kubeconfig.ts';
import { refuseUser } from './refused-users.ts';

/** What the task at hand can say about the ways to a cluster. */
export interface JobKubeconfigAdvice {
  /** What to do when the job has no kubeconfig, such as `run AksCredentials before it, or give input cluster`. */
  readonly instead: string;
}

type JobContext = Pick<TaskContext, 'variable' | 'network' | 'maskSecret'>;

/** In bytes. */
const largest = 1024 * 1024;

/**
 * The cluster of the kubeconfig that an earlier step left in the variable KUBECONFIG: one of AksCredentials, of
 * `az aks get-credentials`, of a login task, or somebody's own. It is the job's, so it may name files of the agent and
 * programs, which are taken as kubectl would: relative ones from its own folder.
 * @throws TaskError when there is none, or it is unusable without somebody at the agent or without checking the server
 */
export async function clusterOfJob(context: JobContext, advice: JobKubeconfigAdvice): Promise<OpenCluster> {
  const file = kubeconfigFile(context, advice);
  const real = await realPath(file);
  const bytes = real === undefined ? undefined : await readRegularFile(real, largest);
  if (bytes === undefined) {
    throw new TaskError(`KUBECONFIG names ${visible(file, 300)}, and there is no such file: ${advice.instead}.`);
  }
  try {
    return await clusterIn(bytes.toString('utf8'), file, context);
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const which = `The kubeconfig ${visible(file, 300)}, which KUBECONFIG names,`;
    throw new TaskError(error.message.replace(/^The kubeconfig\b/, () => which));
  }
}

async function clusterIn(text: string, file: string, context: JobContext): Promise<OpenCluster> {
  const config = currentContext(text, (secret) => context.maskSecret(secret));
  const { cluster, user, contextName, namespace } = config;
  const folder = new KubeconfigFolder(path.dirname(file), context);
  const exec = execOf(user, folder, context);
  const access: ClusterAccess = {
    cluster: config.clusterName,
    userName: config.userName,
    server: serverOf(cluster),
    certificateAuthority: await authorityOf(cluster, folder),
    user: exec === undefined ? await localUser(user, folder) : execUserOf(exec),
    ...tlsName(cluster),
  };
  const proxyUrl = proxyOf(cluster, context) ?? proxyFor(access.server, context);
  return { access, exec, proxyUrl, context: contextName, namespace, tenantId: undefined };
}

/** kubectl merges several files; what comes out of it is not for two programs to guess alike. */
function kubeconfigFile({ variable }: JobContext, { instead }: JobKubeconfigAdvice): string {
  const files = (variable('KUBECONFIG') ?? '').split(path.delimiter).filter((file) => file.trim() !== '');
  const [file] = files;
  if (file === undefined) {
    throw new TaskError(
      `This job has no variable KUBECONFIG, and the file .kube/config of the agent's user is not taken, since any job may ` +
        `have left it there: ${instead}.`,
    );
  }
  if (files.length === 1) return path.resolve(file);
  throw new TaskError(
    `KUBECONFIG names ${files.length} files (${visible(files.join(', '), 300)}): make one of them in an earlier step with ` +
      'kubectl config view --flatten --minify, and set KUBECONFIG to that.',
  );
}

function serverOf(cluster: Fields): string {
  if (cluster.values['insecure-skip-tls-verify'] === true) {
    throw new TaskError(
      "The kubeconfig is refused: it switches the check of the API server's certificate off " +
        '(insecure-skip-tls-verify); give it certificate-authority-data instead.',
    );
  }
  const server = requiredText(cluster, 'server');
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const plain = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (plain && url.protocol === 'https:') return server;
  throw new TaskError(
    `The kubeconfig is refused: its server is ${shown(server)}; it must be a plain https address, since no client sends ` +
      'its token over anything else.',
  );
}

async function authorityOf(cluster: Fields, folder: KubeconfigFolder): Promise<string> {
  const pem = await fileOrData(cluster, 'certificate-authority', folder, checkedCertificate);
  if (pem !== undefined) return pem;
  throw new TaskError(
    `The kubeconfig is unusable: ${cluster.path} has neither certificate-authority-data nor certificate-authority, and ` +
      'API servers have certificates of their own authorities.',
  );
}

function tlsName(cluster: Fields): { tlsServerName?: string } {
  const tlsServerName = optionalText(cluster, 'tls-server-name');
  return tlsServerName === undefined ? {} : { tlsServerName };
}

/** The proxy that the kubeconfig itself names. */
function proxyOf(cluster: Fields, { maskSecret }: JobContext): string | undefined {
  const given = optionalText(cluster, 'proxy-url');
  if (given === undefined) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TaskError(
      `The kubeconfig is unusable: its proxy-url has the scheme ${shown(url?.protocol ?? given.split(':', 1)[0] ?? '')}; ` +
        'an http or https proxy can be used.',
    );
  }
  if (url.password !== '') [url.password, unescape(url.password)].forEach((secret) => maskSecret(secret));
  return url.href;
}

/** What a token or a certificate would be taken before. */
function execOf(user: Fields, folder: KubeconfigFolder, context: JobContext): ExecEntry | undefined {
  refuseUser(user);
  const exec = optionalFields(user, 'exec');
  const hasToken = ['token', 'tokenFile'].some((name) => optionalText(user, name) !== undefined);
  return exec === undefined || hasToken ? undefined : execEntryOf(exec, folder, context);
}

async function localUser(user: Fields, folder: KubeconfigFolder): Promise<LocalUser> {
  const [pem, key, file] = [
    await fileOrData(user, 'client-certificate', folder, checkedCertificate),
    await fileOrData(user, 'client-key', folder, (text) => text),
    optionalText(user, 'tokenFile'),
  ];
  if ((pem === undefined) !== (key === undefined)) {
    throw new TaskError(
      `The kubeconfig is unusable: ${user.path} has a client certificate or a key without the other.`,
    );
  }
  if (key !== undefined) folder.mask(key);
  const token = file === undefined ? optionalText(user, 'token') : await folder.token(file);
  if (pem === undefined && token === undefined) {
    throw new TaskError(
      `The kubeconfig is unusable: ${user.path} has no certificate, no token and no program to get one (exec).`,
    );
  }
  return {
    kind: 'local',
    certificate: pem === undefined || key === undefined ? undefined : { pem, key },
    token,
    ...(file !== undefined && { tokenFile: folder.resolve(file) }),
  };
}
