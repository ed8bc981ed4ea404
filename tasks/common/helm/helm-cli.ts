import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/errors.ts';
import { checkHelmVersion } from './helm-version.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The helm program of this agent. */
export class HelmCli {
  private constructor(
    private readonly run: TaskContext['exec'],
    /** Version, such as `4.1.4`. */
    readonly version: string,
  ) {}

  /**
   * The helm on PATH.
   * @param wanted version or range that it must have.
   * @throws TaskError when there is none or it does not fit.
   */
  static async find(context: Pick<TaskContext, 'exec' | 'log'>, wanted: string | undefined): Promise<HelmCli> {
    const { version, warning } = checkHelmVersion(await saidVersion(context), wanted);
    if (warning !== undefined) context.log.warning(warning);
    return new HelmCli(context.exec, version);
  }

  /** @throws ToolFailure with what lint found. */
  async lint(chart: string): Promise<void> {
    await this.run('helm', ['lint', chart]);
  }

  /** Fetches what Chart.lock names, or, without it, what Chart.yaml asks for, into the chart's `charts` folder. */
  async buildDependencies(chart: string, env: Environment): Promise<void> {
    await this.run('helm', ['dependency', 'build', chart], { env });
  }

  /** Packages a chart into an empty folder. Returns the archive's path. */
  async package(
    chart: string,
    folder: string,
    versions: { chart?: string | undefined; app?: string | undefined },
  ): Promise<string> {
    const flags = [
      ...(versions.chart === undefined ? [] : [`--version=${versions.chart}`]),
      ...(versions.app === undefined ? [] : [`--app-version=${versions.app}`]),
    ];
    await this.run('helm', ['package', chart, `--destination=${folder}`, ...flags], { show: false });
    const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new TaskError(`helm ${this.version} packaged ${chart} but left no archive.`);
    return path.join(folder, archive);
  }
}

async function saidVersion(context: Pick<TaskContext, 'exec'>): Promise<string> {
  try {
    return (await context.exec('helm', ['version', '--template', '{{.Version}}'], { show: false })).stdout;
  } catch (error) {
    if (!(error instanceof TaskError) || !/no such program/.test(error.message)) throw error;
    throw new TaskError(
      'There is no helm on this agent (PATH): install it in a step before this one, for example with HelmInstaller@1.',
    );
  }
}
