import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import { type ExecOptions, type ExecResult, ToolFailure } from '../task/exec.ts';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import { ensureTool, type ToolContext } from '../tools/index.ts';
import { explainDependencyFailure, explainLint } from './errors.ts';
import { placesInSources } from './places.ts';
import { helmRange, type HelmNeeds, knownDefect, toPackage } from './versions.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A helm program that this step can run. */
export class HelmCli {
  readonly #exec: TaskContext['exec'];
  readonly #program: string;
  readonly #places: Environment;
  /** Such as `4.1.4`. */
  readonly version: string;

  private constructor(exec: TaskContext['exec'], program: string, places: Environment, version: string) {
    this.#exec = exec;
    this.#program = program;
    this.#places = places;
    this.version = version;
  }

  /**
   * The helm on PATH if it fits, else one that is installed for this step.
   * @param asked version or range that it must have, with the input that gives it.
   * @param needs the versions that the step's work takes.
   * @throws TaskError when there is none that fits.
   */
  static async find(
    context: ToolContext,
    asked: Given<string | undefined> | undefined,
    needs: HelmNeeds = toPackage,
  ): Promise<HelmCli> {
    const said = asked?.value ?? needs.told;
    const { path: program, version } = await ensureTool('helm', helmRange(asked, needs), context, said);
    const defect = knownDefect(version);
    if (defect !== undefined) context.log.warning(defect);
    return new HelmCli(context.exec, program, await placesInSources(context), version);
  }

  /** Where helm keeps something on this agent, by the name that `helm env` gives it. */
  async setting(name: string): Promise<string> {
    return (await this.run(['env', name], { show: false })).stdout.trim();
  }

  /**
   * @param env how helm reaches the network: it fetches what a values schema refers to.
   * @returns what lint counts as errors although `helm package` takes it; empty when there is nothing of the kind.
   * @throws TaskError with all other errors that lint found.
   */
  async lint(chart: string, env: Environment): Promise<string> {
    try {
      await this.run(['lint', chart], { env });
      return '';
    } catch (error) {
      const { faults, taken } = explainLint(error instanceof ToolFailure ? error.stdout : '');
      if (faults !== '') throw new TaskError(`helm lint found what it counts as an error: ${faults}`);
      if (taken === '') throw error;
      return taken;
    }
  }

  /**
   * Fetches what Chart.lock names, or, without it, what Chart.yaml asks for, into the chart's `charts` folder.
   * @param advice how a private registry gets a sign-in, as a clause: `give a connection as …`
   * @throws TaskError with helm's reason.
   */
  async buildDependencies(chart: string, env: Environment, advice: string): Promise<void> {
    try {
      await this.run(['dependency', 'build', chart], { env });
    } catch (error) {
      throw error instanceof ToolFailure ? explainDependencyFailure(error, advice) : error;
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
    await this.run(['package', chart, `--destination=${folder}`, ...flags], { show: false });
    const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new TaskError(`helm ${this.version} packaged ${chart} but left no archive.`);
    return path.join(folder, archive);
  }

  /**
   * Runs helm as it is found on this agent, without settings and plugins that lie in the sources.
   * @throws as exec does (task/exec.ts)
   */
  run(args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    // Helm 4.3 fails on one that is no number, in words of Go; the archive gets its times from us.
    const env = { ...this.#places, ...options.env, SOURCE_DATE_EPOCH: undefined };
    return this.#exec(this.#program, args, { ...options, env });
  }
}
