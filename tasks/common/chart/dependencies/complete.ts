import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { lockFiles } from '../metadata/lock.ts';
import type { HelmCli } from '../../helm/index.ts';
import type { TaskContext } from '../../task/context.ts';
import { isInside } from '../../task/job-files.ts';
import type { ChartCopy, ChartPart } from './copies.ts';
import { keepFolders, refuseTwins } from './vendored.ts';

const metadataFiles = ['Chart.yaml', 'requirements.yaml', ...lockFiles];

interface Completing {
  readonly helm: Pick<HelmCli, 'buildDependencies' | 'package'>;
  /** What helm sees when it fetches. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How a private registry gets a sign-in, as a clause. */
  readonly advice: string;
  /** The folder of the run's sources, its links resolved. */
  readonly sources: string;
  readonly context: Pick<TaskContext, 'signal' | 'privateFolder'>;
}

/** Puts the dependencies into copies of charts, first of those that others depend on: helm itself goes one level deep. */
export class ChartCompleter {
  readonly #done = new Set<ChartCopy>();
  readonly #with: Completing;
  #fetched = 0;

  constructor(completing: Completing) {
    this.#with = completing;
  }

  /**
   * Completes a chart, and the charts in folders that it depends on.
   * @returns the lock that helm wrote for it, as a path; undefined when it had one, or helm was not asked
   * @throws TaskError with helm's reason, or when two versions of one chart would lie in one place
   */
  async complete(copy: ChartCopy): Promise<string | undefined> {
    if (this.#done.has(copy)) return undefined;
    this.#done.add(copy);
    for (const part of copy.parts) {
      if (part.copy === undefined) continue;
      await this.complete(part.copy);
      await renewUnpacked(copy, part.copy);
    }
    const lock = copy.repositories.length > 0 ? await this.#fetch(copy) : undefined;
    refuseTwins(copy.chart, await keepFolders(copy, this.#with.context.signal), copy.place);
    return lock;
  }

  /** Lets helm work on a folder that has only what it needs for it, so that the chart gets nothing but charts. */
  async #fetch(copy: ChartCopy): Promise<string | undefined> {
    const { helm, env, advice, context } = this.#with;
    this.#fetched += 1;
    const root = path.join(context.privateFolder(), `build-${this.#fetched}`);
    const chart = path.join(root, copy.place);
    const charts = path.join(chart, 'charts');
    await mkdir(charts, { recursive: true });
    for (const name of metadataFiles) await copyIfThere(path.join(copy.folder, name), path.join(chart, name));
    await merge(path.join(copy.folder, 'charts'), charts);
    for (const part of copy.parts) await this.#place(part, root);
    await helm.buildDependencies(chart, env, advice);
    for (const part of copy.parts) await this.#packAnew(part, charts);
    await takeArchives(charts, path.join(copy.folder, 'charts'));
    const lock = path.join(chart, copy.chart.apiVersion === 'v1' ? 'requirements.lock' : 'Chart.lock');
    return copy.isLocked || !(await exists(lock)) ? undefined : lock;
  }

  async #place({ at, folder }: ChartPart, root: string): Promise<void> {
    if (isInside(at, this.#with.sources)) await merge(folder, path.join(root, path.relative(this.#with.sources, at)));
  }

  /** Helm looks for an absolute address in the sources themselves, where the chart may lack its own dependencies. */
  async #packAnew({ address, at, copy, folder }: ChartPart, charts: string): Promise<void> {
    if (copy === undefined || (isInside(at, this.#with.sources) && !address.startsWith('file:///'))) return;
    const packed = await this.#with.helm.package(folder, await mkdtemp(path.join(charts, '..', 'packed-')), {});
    await rename(packed, path.join(charts, path.basename(packed)));
  }
}

/** A chart that depends on one in its own charts/ gets what that was completed with. */
async function renewUnpacked(copy: ChartCopy, part: ChartCopy): Promise<void> {
  const place = path.relative(copy.source.folder, part.source.folder);
  if (place.split(path.sep)[0] === 'charts')
    await merge(path.join(part.folder, 'charts'), path.join(copy.folder, place, 'charts'));
}

/** Leaves the archives in a `charts` folder that helm left there, fetched or kept. */
async function takeArchives(from: string, to: string): Promise<void> {
  const taken = await archivesIn(from);
  await mkdir(to, { recursive: true });
  for (const name of await archivesIn(to)) if (!taken.includes(name)) await rm(path.join(to, name));
  for (const name of taken) await copyFile(path.join(from, name), path.join(to, name));
}

async function archivesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.tgz'));
}

async function merge(from: string, to: string): Promise<void> {
  if (await exists(from)) await cp(from, to, { recursive: true });
}

async function copyIfThere(from: string, to: string): Promise<void> {
  if (await exists(from)) await copyFile(from, to);
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
