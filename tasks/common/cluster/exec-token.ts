import { explainSignIn } from '../azure/index.ts';
import { fieldsOf, optionalFields, optionalText } from '../go/mapping.ts';
import { type ExecEntry, execVersion } from '../kubelogin/exec-entry.ts';
import type { TaskContext } from '../task/context.ts';
import { ToolFailure } from '../task/exec.ts';
import { TaskError } from '../task/outcome.ts';
import { firstLine } from '../text/lines.ts';
import { masked } from '../text/shown.ts';
import { explainTenants } from './errors.ts';
import { programName } from './exec-user.ts';
import type { OpenCluster } from './open-cluster.ts';
import type { Tokens } from './tokens.ts';

/** A token as an exec entry gives it. */
interface ExecCredential {
  readonly token: string;
  /** In ms of the clock; undefined when the program does not say. */
  readonly expiresAt: number | undefined;
}

/** So long before its end a token is renewed, while it still serves. */
const aheadMs = 300_000;
/** And so long before its end it serves no more: clocks differ, and a request takes its time. */
const marginMs = 10_000;
/** Between two renewals of a token that still serves: a program may give the same one until it ends. */
const leastMs = 30_000;

/** The tokens of an exec entry, which renew themselves. All requests of a client share one of these. */
export class ExecTokens implements Tokens {
  readonly canRenew = true;
  readonly #cluster: OpenCluster;
  readonly #context: Pick<TaskContext, 'exec' | 'maskSecret' | 'log'>;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  #credential: ExecCredential | undefined;
  #fetching: Promise<string> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @param timeoutMs how long the program may take @param now the clock, in ms */
  constructor(
    cluster: OpenCluster,
    context: Pick<TaskContext, 'exec' | 'maskSecret' | 'log'>,
    timeoutMs: number,
    now: () => number = Date.now,
  ) {
    this.#cluster = cluster;
    this.#context = context;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /**
   * A token that serves. One that ends soon is renewed meanwhile: nobody waits for the program while there is a token.
   * @throws TaskError when the program gives none
   */
  async token(): Promise<string> {
    const { token, expiresAt = Number.POSITIVE_INFINITY } = this.#credential ?? {};
    const leftMs = expiresAt - this.#now();
    if (token === undefined || leftMs < marginMs) return this.#fetch();
    if (leftMs < aheadMs && this.#now() - this.#askedAt > leastMs) {
      this.#fetch().catch((error: unknown) =>
        this.#context.log.debug(`The token was not renewed yet: ${String(error)}`),
      );
    }
    return token;
  }

  /** Another token than one that was refused. @throws TaskError when the program gives none */
  async renewed(refused: string): Promise<string> {
    const known = this.#credential?.token;
    return known === undefined || known === refused ? this.#fetch() : known;
  }

  /** Once for all who wait. */
  #fetch(): Promise<string> {
    this.#fetching ??= this.#run().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #run(): Promise<string> {
    this.#askedAt = this.#now();
    this.#credential = await credentialOf(this.#cluster, this.#context, this.#timeoutMs);
    return this.#credential.token;
  }
}

/** Runs the exec entry as kubectl would. */
async function credentialOf(
  cluster: OpenCluster,
  context: Pick<TaskContext, 'exec' | 'maskSecret'>,
  timeoutMs: number,
): Promise<ExecCredential> {
  const { exec } = cluster;
  if (exec === undefined) throw new Error('The kubeconfig has no way to get a token.');
  const { command, args } = exec;
  const env = { ...exec.env, KUBERNETES_EXEC_INFO: execInfo(exec, cluster) };
  try {
    const { stdout } = await context.exec(command, args, { env, show: false, timeoutMs });
    const status = optionalFields(
      fieldsOf(JSON.parse(stdout), `output of ${programName(command)}`, 'ExecCredential'),
      'status',
    );
    const token = status && optionalText(status, 'token');
    if (token === undefined) throw new TaskError(`${command} printed no token.`);
    context.maskSecret(token);
    const expiresAt = Date.parse(optionalText(status ?? fieldsOf({}, ''), 'expirationTimestamp') ?? '');
    return { token, expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt };
  } catch (error) {
    if (error instanceof SyntaxError) throw new TaskError(`${command} printed something else than a token.`);
    if (error instanceof ToolFailure) throw signInFailure(error, command, cluster);
    throw error;
  }
}

/** What kubectl tells such a program (kubernetes.io, "client-go credential plugins"). */
function execInfo({ apiVersion = execVersion, provideClusterInfo = false }: ExecEntry, cluster: OpenCluster): string {
  const { server, certificateAuthority, tlsServerName } = cluster.access;
  const told = {
    server,
    'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
    ...(tlsServerName !== undefined && { 'tls-server-name': tlsServerName }),
    ...(cluster.proxyUrl !== undefined && { 'proxy-url': cluster.proxyUrl }),
  };
  const spec = { interactive: false, ...(provideClusterInfo && { cluster: told }) };
  return JSON.stringify({ kind: 'ExecCredential', apiVersion, spec });
}

function signInFailure({ stderr }: ToolFailure, command: string, cluster: OpenCluster): TaskError {
  const program = programName(command);
  const tenants = explainTenants(cluster);
  if (tenants !== undefined) {
    const [told = firstLine(stderr, 400)] = /AADSTS\d+:[^.\r\n]*/.exec(masked(stderr)) ?? [];
    return new TaskError(`${program} got no token for the cluster: ${tenants} (${told}).`);
  }
  if (stderr.includes('AADSTS')) return explainSignIn(new Error(stderr), undefined);
  const said = firstLine(stderr, 400).replace(/^Error: /, '');
  return new TaskError(`${program} got no token for the cluster: ${said}`);
}
