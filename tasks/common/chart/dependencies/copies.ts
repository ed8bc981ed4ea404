import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readMetadataFile } from '../metadata/folder.ts';
import { lockFiles, readLock } from '../metadata/lock.ts';
import { type ChartMetadata, readHelmMetadata } from '../metadata/metadata.ts';
import type { TaskContext } from '../../task/context.ts';
import { isInside } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { copyChart } from '../folder/copy.ts';
import { type ChartFiles, filesOfChart } from '../folder/files.ts';
import { realFolder } from '../folder/find.ts';
import { folderOf, isFolder, refuseOutside } from './folders.ts';
import { type NamedRepository, repositoriesOf } from './repositories.ts';
import { isComplete, keepFolders, type VendoredChart } from './vendored.ts';

/** A copy of a chart that helm may write into, and of the charts in folders that it depends on. */
export interface ChartCopy {
  readonly source: ChartFiles;
  /** The chart's folder, as a path in the sources. */
  readonly place: string;
  readonly folder: string;
  readonly chart: ChartMetadata;
  readonly isLocked: boolean;
  /** Where helm is sent to for dependencies; empty where it is not asked to fetch any. */
  readonly repositories: readonly NamedRepository[];
  readonly parts: readonly ChartPart[];
}

/** A dependency in a folder, `file://…`. */
export interface ChartPart {
  readonly address: string;
  /** Where helm looks for it, in the sources. */
  readonly at: string;
  /** Undefined where nothing is there, and the chart has it unpacked in `charts`. */
  readonly copy: ChartCopy | undefined;
  /** What is to lie there when helm looks. */
  readonly folder: string;
}

/** When helm is asked to fetch dependencies: `auto` is where `charts` does not hold them. */
export type BuildMode = 'auto' | 'always' | 'never';

interface CopyOptions {
  /** The folder of the run's sources, its links resolved. */
  readonly sources: string;
  readonly mode: BuildMode;
}

type Copied = Pick<ChartCopy, 'source' | 'place' | 'folder' | 'chart'>;

/** Copies the charts of one step, each once. */
export class ChartCopies {
  readonly #known = new Map<string, ChartCopy>();
  readonly #options: CopyOptions;
  readonly #context: Pick<TaskContext, 'log' | 'signal' | 'privateFolder'>;
  #count = 0;

  constructor(options: CopyOptions, context: Pick<TaskContext, 'log' | 'signal' | 'privateFolder'>) {
    this.#options = options;
    this.#context = context;
  }

  /**
   * Copies a chart, and all that it depends on in folders as far as helm will read them.
   * @param metadata reads the copy's
   * @param above the charts that depend on this one
   * @throws TaskError when one of them lies outside of its chart's repository, holds what no chart may, or depends on itself
   */
  async of(
    source: ChartFiles,
    metadata: (folder: string) => ChartMetadata | Promise<ChartMetadata>,
    above: readonly string[] = [],
  ): Promise<ChartCopy> {
    const known = this.#known.get(source.folder);
    if (known !== undefined) return known;
    const place = path.relative(this.#options.sources, source.folder);
    if (above.includes(place)) {
      const circle = [...above.slice(above.indexOf(place)), place].join(' -> ');
      throw new TaskError(`Charts in folders depend on each other in a circle, so none is ever complete: ${circle}.`);
    }
    this.#count += 1;
    const folder = path.join(this.#context.privateFolder(), `copy-${this.#count}`, place);
    await copyChart(source, folder, this.#context.signal);
    const copy = await this.#withParts({ source, place, folder, chart: await metadata(folder) }, [...above, place]);
    this.#known.set(source.folder, copy);
    return copy;
  }

  async #withParts(copied: Copied, above: readonly string[]): Promise<ChartCopy> {
    const { folder, chart } = copied;
    const named = await repositoriesOf(folder, chart);
    const locks = await Promise.all(lockFiles.map((file) => readLock(folder, file)));
    const locked = locks.findLast((lock) => lock !== undefined);
    const vendored = await keepFolders(copied, this.#context.signal);
    const { mode } = this.#options;
    const asksHelm = mode === 'always' || (mode === 'auto' && !isComplete(chart, locked, vendored));
    const parts: ChartPart[] = [];
    for (const repository of named.filter((each) => isFolder(each))) {
      if (parts.some(({ address }) => address === repository.address)) continue;
      const part = await this.#part(copied, repository, { asksHelm, vendored, above });
      if (part !== undefined) parts.push(part);
    }
    return { ...copied, isLocked: locked !== undefined, repositories: asksHelm ? named : [], parts };
  }

  async #part(
    { source, folder, chart }: Copied,
    repository: NamedRepository,
    { asksHelm, vendored, above }: { asksHelm: boolean; vendored: readonly VendoredChart[]; above: readonly string[] },
  ): Promise<ChartPart | undefined> {
    const { address } = repository;
    const { sources } = this.#options;
    const at = folderOf(address, source.folder);
    const what = `The chart depends on ${address} (${repository.place}), which`;
    const real = await realFolder(at, sources, what);
    if (real === undefined) {
      const name = chart.dependencies?.find((dependency) => dependency.repository === address)?.name;
      const unpacked = vendored.find((each) => !each.isArchive && each.name === name);
      const isWhole = address.startsWith('file:///');
      if (unpacked !== undefined && !(asksHelm && isWhole)) {
        return { address, at, copy: undefined, folder: path.join(folder, 'charts', unpacked.entry) };
      }
      if (!asksHelm) return undefined;
      // Not left to helm: what is missing under this name may be there under the one that helm makes of it.
      throw noFolder(what, at);
    }
    // What lies in charts/ is packaged anyway; of the others helm reads those that it is sent to.
    const isInCharts = isInside(real, path.join(source.folder, 'charts'));
    if (!isInCharts && !asksHelm) {
      this.#context.log.info(`Chart.yaml names ${address}; what lies in charts/ of it is packaged as it is.`);
      return undefined;
    }
    if (!(await stat(real)).isDirectory()) throw noFolder(what, at);
    await refuseOutside(repository, real, { folder: source.folder, sources });
    const copy = await this.of(await filesOfChart(real, sources), (copied) => metadataOf(copied, address), above);
    return { address, at, copy, folder: copy.folder };
  }
}

function noFolder(what: string, at: string): TaskError {
  return new TaskError(`${what} is no folder (${at}); correct the address, which starts from the chart's own folder.`);
}

/** As helm reads it, without our own rules: they are for charts that go to a registry. */
async function metadataOf(folder: string, address: string): Promise<ChartMetadata> {
  const chartYaml = await readMetadataFile(folder, 'Chart.yaml');
  if (chartYaml === undefined) throw new TaskError(`The dependency ${address} is no chart: it holds no Chart.yaml.`);
  try {
    return readHelmMetadata(chartYaml, await readMetadataFile(folder, 'requirements.yaml'));
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    throw new TaskError(`The dependency ${address}: ${error.message}`);
  }
}
