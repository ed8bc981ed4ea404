import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/errors.ts';
import { ToolFailure, type ExecOptions, type ExecResult } from '../task/exec.ts';
import { ensureTool, type ToolContext } from '../tools/index.ts';
import { lintErrors } from './lint-errors.ts';
import { explainDependencyFailure } from './dependency-failure.ts';
import { helmRange, knownDefect } from './helm-version.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A helm program that this step can run. */
export class HelmCli {
  readonly #exec: TaskContext['exec'];
  readonly #program: string;
  /** Such as `4.1.4`. */
  readonly version: string;

  private constructor(exec: TaskContext['exec'], program: string, version: string) {
    this.#exec = exec;
    this.#program = program;
    this.version = version;
  }

  /**
   * The helm on PATH if it fits, else one that is installed for this step.
   * @param wanted version or range that it must have; any from 3.17 on without it.
   * @throws TaskError when there is none that fits.
   */
  static async find(context: ToolContext, wanted: string | undefined): Promise<HelmCli> {
    const { path: program, version } = await ensureTool('helm', helmRange(wanted), context);
    const defect = knownDefect(version);
    if (defect !== undefined) context.log.warning(defect);
    return new HelmCli(context.exec, program, version);
  }

  /** Where helm keeps something on this agent, by the name that `helm env` gives it. */
  async setting(name: string): Promise<string> {
    return (await this.#run(['env', name], { show: false })).stdout.trim();
  }

  /** @throws TaskError with the errors that lint found. */
  async lint(chart: string): Promise<void> {
    try {
      await this.#run(['lint', chart]);
    } catch (error) {
      const found = error instanceof ToolFailure ? lintErrors(error.stdout) : '';
      throw found === '' ? error : new TaskError(`helm lint found what it counts as an error: ${found}`);
    }
  }

  /**
   * Fetches what Chart.lock names, or, without it, what Chart.yaml asks for, into the chart's `charts` folder.
   * @throws TaskError with helm's reason.
   */
  async buildDependencies(chart: string, env: Environment): Promise<void> {
    try {
      await this.#run(['dependency', 'build', chart], { env });
    } catch (error) {
      throw error instanceof ToolFailure ? explainDependencyFailure(error) : error;
    }
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
    await this.#run(['package', chart, `--destination=${folder}`, ...flags], { show: false });
    const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new TaskError(`helm ${this.version} packaged ${chart} but left no archive.`);
    return path.join(folder, archive);
  }

  #run(args: readonly string[], options?: ExecOptions): Promise<ExecResult> {
    return this.#exec(this.#program, args, options);
  }
}
