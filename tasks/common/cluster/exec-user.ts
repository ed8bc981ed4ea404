import path from 'node:path';
import { type Fields, fieldsOf, optionalText, requiredText, texts } from '../go/mapping.ts';
import type { ExecEntry } from '../kubelogin/exec-entry.ts';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { programPath } from '../task/program.ts';
import { shown } from '../text/shown.ts';
import type { KubeconfigFolder } from './kubeconfig-data.ts';
import type { EntraUser, ProgramUser } from './read-kubeconfig.ts';

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/**
 * The exec entry of a kubeconfig of this job, with any program. As for kubectl, a command with a folder leads from that of
 * the kubeconfig, and a bare name is one of PATH.
 * @throws TaskError when there is no such program, or it would wait for somebody at the agent
 */
export function execEntryOf(
  exec: Fields,
  folder: KubeconfigFolder,
  context: Pick<TaskContext, 'variable' | 'maskSecret'>,
): ExecEntry {
  const apiVersion = requiredText(exec, 'apiVersion');
  if (!versions.includes(apiVersion)) {
    throw new TaskError(
      `The kubeconfig is unusable: ${exec.path}.apiVersion is ${shown(apiVersion)}; kubectl knows ${versions.join(' and ')}.`,
    );
  }
  const [command, args, env] = [requiredText(exec, 'command'), texts(exec, 'args'), environmentIn(exec)];
  secretsIn(args, env).forEach((secret) => context.maskSecret(secret));
  const isInteractive = optionalText(exec, 'interactiveMode') === 'Always';
  if (isInteractive || waitsForSomebody(command, args, (name) => env[name] ?? context.variable(name))) {
    throw new TaskError(
      `The kubeconfig is unusable in a pipeline: it signs in by ${shown(programName(command))} in a way that waits for ` +
        'somebody. After az aks get-credentials run kubelogin convert-kubeconfig -l azurecli (or workloadidentity, spn, ' +
        'msi), or use AksCredentials in the place of both.',
    );
  }
  return {
    command: hasFolder(command) ? folder.resolve(command) : programPath(command),
    args,
    env,
    apiVersion,
    provideClusterInfo: exec.values['provideClusterInfo'] === true,
  };
}

/** Who that is, as far as the entry says it. */
export function execUserOf({ command, args }: ExecEntry): EntraUser | ProgramUser {
  const serverId = valueOf(args, '--server-id');
  if (programName(command) !== 'kubelogin' || serverId === undefined) return { kind: 'program' };
  return { kind: 'entra', serverId, tenantId: valueOf(args, '--tenant-id') };
}

/** What kubelogin does when nobody tells it how to sign in, and what AKS writes. */
const human = ['devicecode', 'interactive'];

function waitsForSomebody(
  command: string,
  args: readonly string[],
  variable: (name: string) => string | undefined,
): boolean {
  if (programName(command) !== 'kubelogin') return false;
  const login = variable('AAD_LOGIN_METHOD') ?? valueOf(args, '--login') ?? valueOf(args, '-l') ?? 'devicecode';
  return human.includes(login.toLowerCase());
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  const joined = args.find((arg) => arg.startsWith(`${flag}=`));
  if (joined !== undefined) return joined.slice(flag.length + 1);
  return args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
}

/** The name of a program without its folder, in small letters as Windows does not tell them apart. */
export function programName(command: string): string {
  const name = hasFolder(command) ? path.basename(command) : command;
  return name.replace(/\.exe$/i, '').toLowerCase();
}

const hasFolder = (command: string): boolean => (process.platform === 'win32' ? /[\\/]/ : /\//).test(command);

function environmentIn(exec: Fields): Record<string, string> {
  const list: unknown = exec.values['env'] ?? [];
  if (!Array.isArray(list)) throw new TaskError(`The kubeconfig is unusable: ${exec.path}.env is no list.`);
  const entries = list.map((each: unknown, index) => {
    const entry = fieldsOf(each, exec.source, `${exec.path}.env[${index}]`);
    return [requiredText(entry, 'name'), optionalText(entry, 'value') ?? ''] as const;
  });
  return Object.fromEntries(entries);
}

const secretName = /secret|password|passwd|token|credential|apikey|api[-_]key/i;
/** Names of what is itself no secret: files, and addresses of those who give tokens. */
const harmlessName = /(?:file|path|uri|url|endpoint|host|id|cache|method|mode)$/i;

const isSecret = (name: string): boolean => secretName.test(name) && !harmlessName.test(name);

/** What in an entry gives access, by the names of variables and flags. */
function secretsIn(args: readonly string[], env: Readonly<Record<string, string>>): string[] {
  const ofVariables = Object.entries(env).filter(([name]) => isSecret(name));
  const ofFlags = args.flatMap((arg, index) => {
    const [, name = '', value] = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    return isSecret(name) ? [value ?? args[index + 1] ?? ''] : [];
  });
  return [...ofVariables.map(([, value]) => value), ...ofFlags].filter((value) => value !== '');
}
