import { readdir } from 'node:fs/promises';
import path from 'node:path';
import semver from 'semver';
import type { TaskContext } from '../task/context.ts';
import { type ExecOptions, type ExecResult, ToolFailure } from '../task/exec.ts';
import { TaskError } from '../task/outcome.ts';
import { ensureTool, type ToolContext } from '../tools/index.ts';
import { explainDependencyFailure, explainLint } from './errors.ts';
import { placesInSources } from './places.ts';

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
   * @param wanted version or range that it must have; any from 3.17 on without it.
   * @throws TaskError when there is none that fits.
   */
  static async find(context: ToolContext, wanted: string | undefined): Promise<HelmCli> {
    const { path: program, version } = await ensureTool('helm', helmRange(wanted), context, wanted);
    const defect = knownDefect(version);
    if (defect !== undefined) context.log.warning(defect);
    return new HelmCli(context.exec, program, await placesInSources(context), version);
  }

  /** Where helm keeps something on this agent, by the name that `helm env` gives it. */
  async setting(name: string): Promise<string> {
    return (await this.#run(['env', name], { show: false })).stdout.trim();
  }

  /**
   * @param env how helm reaches the network: it fetches what a values schema refers to.
   * @returns what lint counts as errors although `helm package` takes it; empty when there is nothing of the kind.
   * @throws TaskError with all other errors that lint found.
   */
  async lint(chart: string, env: Environment): Promise<string> {
    try {
      await this.#run(['lint', chart], { env });
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
      await this.#run(['dependency', 'build', chart], { env });
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
    await this.#run(['package', chart, `--destination=${folder}`, ...flags], { show: false });
    const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new TaskError(`helm ${this.version} packaged ${chart} but left no archive.`);
    return path.join(folder, archive);
  }

  #run(args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    // Helm 4.3 fails on one that is no number, in words of Go; the archive gets its times from us.
    const env = { ...this.#places, ...options.env, SOURCE_DATE_EPOCH: undefined };
    return this.#exec(this.#program, args, { ...options, env });
  }
}

/** The first version that pulls charts by digest (helm/helm, release notes of 3.17.0). */
const oldest = '3.17.0';
const supported = `>=${oldest}`;

/** Versions with defects that charts in registries run into. */
const knownBad: Readonly<Record<string, string>> = {
  '3.18.0': 'it cannot push versions with build metadata and sends no credentials on pull; use 3.18.1 or later',
};

/**
 * The versions of helm that a step may run.
 * @param wanted a version or range (`4.1.4`, `4.x`) from input helmVersion, or undefined for any supported one.
 * @throws TaskError when it is none, or one without a supported version.
 */
export function helmRange(wanted: string | undefined): string {
  if (wanted === undefined) return supported;
  const range = semver.validRange(wanted);
  if (range === null) {
    throw new TaskError(`Input helmVersion is '${wanted}'; it takes a version such as 4.1.4 or a range such as 4.x.`);
  }
  if (!semver.intersects(range, supported, { includePrerelease: true })) {
    throw new TaskError(`Input helmVersion asks for ${wanted}; this task needs ${oldest} or later.`);
  }
  const isExact = semver.parse(wanted) !== null;
  if (isExact || semver.subset(range, supported)) return wanted;
  return range
    .split('||')
    .map((part) => `${part.trim()} ${supported}`)
    .join(' || ');
}

/** What is known to be wrong with a version, a sentence; undefined for most. */
export function knownDefect(version: string): string | undefined {
  const defect = knownBad[version];
  return defect && `helm ${version} has known defects: ${defect}.`;
}
