import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { aksServerId } from '../aks/credential-request.ts';
import { readPlainYaml } from '../go/document.ts';
import { fieldsOf, namedEntry, optionalFields, texts } from '../go/mapping.ts';
import { goYamlText } from '../go/write-yaml.ts';
import type { TaskContext } from '../task/context.ts';
import { ToolFailure } from '../task/exec.ts';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import type { SignIn } from './sign-in.ts';

/** How kubectl, helm and their like get a token: the program they run for it, with all that it needs. */
export interface ExecEntry {
  /** Absolute path, since the PATH of later steps is their own. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Of the credential that is asked for; v1beta1 if not given. */
  readonly apiVersion?: string;
  /** Whether the program is told about the cluster. */
  readonly provideClusterInfo?: boolean;
}

/** Whose tokens a cluster takes. */
export interface TokenAudience {
  /** The application that stands for the API servers of AKS. */
  readonly serverId: string;
  /** The tenant whose tokens the cluster accepts. */
  readonly tenantId: string | undefined;
}

/**
 * A kubeconfig says for which application its users get tokens; whoever writes one could ask for tokens to anything that
 * the connection may use.
 * @param given the application that the task's input names, if it names one
 * @throws TaskError when the kubeconfig names another
 */
export function checkAudience({ serverId }: TokenAudience, given: Given<string | undefined>): void {
  const expected = given.value ?? aksServerId;
  if (serverId.toLowerCase() === expected.toLowerCase()) return;
  throw new TaskError(
    `The kubeconfig is refused: it asks for tokens to the application ${serverId}, not to ${expected}. If the cluster ` +
      'really has a server application of its own, as clusters with the former Entra ID integration have, give its id as ' +
      `input ${given.input}.`,
  );
}

const userName = 'user';
/** The version of credentials that every kubectl and kubelogin knows. */
export const execVersion = 'client.authentication.k8s.io/v1beta1';

/**
 * Lets the real kubelogin convert the entry that AKS makes, which would wait for a human, into one that signs in as the
 * connection.
 * @param kubelogin absolute path of the program.
 * @throws TaskError when kubelogin fails or does something else than asked.
 */
export async function execEntry(
  audience: TokenAudience,
  signIn: SignIn,
  kubelogin: string,
  context: Pick<TaskContext, 'exec' | 'privateFolder'>,
): Promise<ExecEntry> {
  const file = path.join(context.privateFolder(), 'kubeconfig');
  writeFileSync(file, goYamlText(deviceCodeConfig(audience)), { mode: 0o600 });
  const env = { ...signIn.env, KUBECONFIG: undefined };
  try {
    await context.exec(kubelogin, ['convert-kubeconfig', '--kubeconfig', file, ...signIn.flags], { env });
  } catch (error) {
    throw explained(error, signIn, kubelogin);
  }
  const args = argsIn(readFileSync(file, 'utf8'));
  if (args[0] !== 'get-token' || args[args.indexOf('--login') + 1] !== signIn.login) {
    throw new TaskError(`${kubelogin} did not convert the kubeconfig to login method ${signIn.login}.`);
  }
  return { command: kubelogin, args: withEnvironment(args, signIn), env: signIn.env };
}

/** The entry as AKS makes it, without what kubelogin would drop anyway. */
function deviceCodeConfig({ serverId, tenantId }: TokenAudience): Record<string, unknown> {
  const tenant = tenantId === undefined ? [] : ['--tenant-id', tenantId];
  const args = ['get-token', '--server-id', serverId, ...tenant, '--login', 'devicecode'];
  return {
    apiVersion: 'v1',
    kind: 'Config',
    users: [{ name: userName, user: { exec: { apiVersion: execVersion, command: 'kubelogin', args } } }],
  };
}

function argsIn(kubeconfig: string): string[] {
  const user = namedEntry(
    fieldsOf(readPlainYaml(kubeconfig, 'kubeconfig of kubelogin'), 'kubeconfig of kubelogin', 'kubeconfig'),
    'users',
    userName,
    'user',
  );
  return texts(optionalFields(user, 'exec') ?? fieldsOf({}, 'kubeconfig of kubelogin', 'exec'), 'args');
}

/** kubelogin (0.2.19 to 0.2.22) forgets the cloud when it converts to azurepipelines, and would sign in to the public one. */
function withEnvironment(args: readonly string[], { flags }: SignIn): string[] {
  const at = flags.indexOf('--environment');
  return args.includes('--environment') || at < 0 ? [...args] : [...args, ...flags.slice(at, at + 2)];
}

function explained(error: unknown, { kubelogin: range, login }: SignIn, program: string): unknown {
  if (!(error instanceof ToolFailure)) return error;
  if (!/not a supported login method|unknown flag/.test(error.stderr)) return error;
  return new TaskError(`${program} is too old for login method ${login}; kubelogin ${range} is needed.`);
}
