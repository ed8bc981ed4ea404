import { ToolFailure, ToolTimeout } from '../task/exec.ts';
import { TaskError } from '../task/outcome.ts';
import { printable, shortenedInside, shown } from '../text/shown.ts';
import type { HelmCli } from './cli.ts';
import {
  rollbackCommand,
  type RollbackRequest,
  testCommand,
  type TestRequest,
  uninstallCommand,
  type UninstallRequest,
  upgradeCommand,
  type UpgradeRequest,
} from './flags.ts';

/** How a helm ended that was not told to stop. */
export interface HelmEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** What ended it, such as SIGKILL where memory ran out; null where it ended by itself. */
  readonly signal: NodeJS.Signals | null;
  /** The end of what it printed, errors before all else; fit to be shown. */
  readonly said: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Helm and client-go read these (helm/helm, pkg/cli/environment.go); who the step is, and where, is said by flags alone. */
const decided = /^(?:HELM_(?:KUBE\w*|NAMESPACE|DRIVER\w*|DEBUG|MAX_HISTORY)|KUBECONFIG)$/i;

/** The agent gives a cancelled step 7.5 seconds, and the step itself ends after 5. */
const graceMs = 4000;
/** A chart may have several hooks, each of which may take the whole of helm's own limit. */
const mostOperations = 20;
const slackMs = 600_000;
/** What a timer can wait for; more would be nothing. */
const longestMs = 2 ** 31 - 1;
const maxOutput = 32 * 1024 * 1024;
const [tailLines, tailCharacters] = [15, 500];

/** The releases in a namespace of a cluster, as helm installs and changes them. */
export class HelmReleases {
  readonly #helm: Pick<HelmCli, 'run' | 'version'>;
  readonly #place: readonly string[];
  readonly #env: Record<string, undefined>;

  /**
   * @param kubeconfig path of a kubeconfig that leads to the API server; helm's requests go through its `proxy-url`, whatever
   * the environment says of proxies. The environment stays as it is otherwise, since the programs that the kubeconfig names
   * for tokens have their own in it.
   * @throws TaskError where the job tells helm to keep its records elsewhere than in Secrets.
   */
  constructor(
    helm: Pick<HelmCli, 'run' | 'version'>,
    kubeconfig: string,
    namespace: string,
    environment: Environment = process.env,
  ) {
    const driver = Object.entries(environment).find(([name]) => /^HELM_DRIVER$/i.test(name))?.[1] ?? '';
    if (!['', 'secret', 'secrets'].includes(driver)) {
      throw new TaskError(
        `The variable HELM_DRIVER is ${shown(driver)}, but this task reads helm's records of a release from Secrets: take the ` +
          'variable away, or deploy such releases with other steps.',
      );
    }
    this.#helm = helm;
    this.#place = [`--namespace=${namespace}`, `--kubeconfig=${kubeconfig}`];
    this.#env = Object.fromEntries(
      Object.keys(environment)
        .filter((name) => decided.test(name))
        .map((name) => [name, undefined]),
    );
  }

  /**
   * `helm upgrade --install`. None of these throws for a helm that fails; all end with the reason of the signal, once helm has
   * ended: asked to stop, it marks the release as failed, but for a roll-back, which stays pending (helm has no handler there),
   * and but for Windows, where nobody can be asked.
   */
  upgrade(request: UpgradeRequest, signal: AbortSignal): Promise<HelmEnd> {
    return this.#run(upgradeCommand(this.#helm.version, request), request.wait.timeoutSeconds, signal);
  }

  rollback(request: RollbackRequest, signal: AbortSignal): Promise<HelmEnd> {
    return this.#run(rollbackCommand(this.#helm.version, request), request.wait.timeoutSeconds, signal);
  }

  uninstall(request: UninstallRequest, signal: AbortSignal): Promise<HelmEnd> {
    return this.#run(uninstallCommand(this.#helm.version, request), request.timeoutSeconds, signal);
  }

  test(request: TestRequest, signal: AbortSignal): Promise<HelmEnd> {
    return this.#run(testCommand(this.#helm.version, request), request.timeoutSeconds, signal);
  }

  async #run(command: readonly string[], timeoutSeconds: number, signal: AbortSignal): Promise<HelmEnd> {
    const said = { stdout: new Tail(), stderr: new Tail() };
    const options = {
      env: this.#env,
      signal,
      graceMs,
      maxOutput,
      timeoutMs: Math.min(timeoutSeconds * 1000 * mostOperations + slackMs, longestMs),
      onLine: (line: string, stream: 'stdout' | 'stderr'): void => said[stream].add(line),
    };
    try {
      await this.#helm.run([...command, ...this.#place], options);
      return { exitCode: 0, signal: null, said: said.stdout.text() };
    } catch (error) {
      if (error instanceof ToolTimeout) return { exitCode: null, signal: 'SIGTERM', said: error.message };
      if (!(error instanceof ToolFailure)) throw error;
      const { exitCode, endedBy } = error;
      // What a helm that was killed said before is not why it ended.
      return { exitCode, signal: endedBy, said: said.stderr.text() || (exitCode === null ? '' : said.stdout.text()) };
    }
  }
}

/** The last lines of an output. */
class Tail {
  readonly #lines: string[] = [];

  add(line: string): void {
    const text = shortenedInside(printable(line).trim(), tailCharacters);
    if (text !== '') this.#lines.push(text);
    if (this.#lines.length > tailLines) this.#lines.shift();
  }

  text(): string {
    return this.#lines.join('\n');
  }
}
