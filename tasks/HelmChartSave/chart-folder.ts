import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../common/task/context.ts';
import { isInside } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { realPath } from '../common/task/job-files.ts';
import { type ChartFiles, filesOfChart } from './chart-files.ts';
import { BadLink, follow, isGits } from './follow-links.ts';
import type { NamedRepository } from './repositories.ts';
import { repositoryRoot } from './repository-root.ts';

/** Where a chart stands; both paths have every link resolved. */
export interface ChartPlace {
  readonly folder: string;
  /** The folder of the run's sources, which the chart may not lead out of. */
  readonly sources: string;
}

/** What helm would package of it. */
interface FoundChart extends ChartPlace {
  readonly files: ChartFiles;
}

/**
 * Finds the chart's folder.
 * @throws TaskError when it does not exist, lies outside the sources or has links that lead there.
 */
export async function chartFolder(input: string, context: Pick<TaskContext, 'variable'>): Promise<FoundChart> {
  const given = context.variable('Build.SourcesDirectory') ?? context.variable('System.DefaultWorkingDirectory') ?? '.';
  const asked = path.resolve(given, input);
  const sources = await realPath(given);
  const folder = sources && (await realFolder(asked, sources, `Input chartPath is '${input}', which`));
  if (sources === undefined || folder === undefined) {
    throw new TaskError(
      `Input chartPath is '${input}', but ${asked} does not exist; was the repository checked out (checkout: self)?`,
    );
  }
  const fault = faultOf(folder, sources, sources);
  if (fault !== undefined)
    throw new TaskError(`Input chartPath is '${input}', which ${fault}; give a folder of the repository.`);
  if (!(await stat(folder)).isDirectory()) {
    throw new TaskError(`Input chartPath is '${input}', which is a file; give the folder that holds Chart.yaml.`);
  }
  return { folder, sources, files: await filesOfChart(folder, sources) };
}

/**
 * Makes sure that a dependency in a folder beside the chart, which helm takes from anywhere, is of the chart's own
 * repository.
 * @param repository such as `file://../common`
 * @param real the folder, its links resolved
 * @throws TaskError naming the repository where it leads elsewhere
 */
export async function refuseOutside(
  { address, place }: NamedRepository,
  real: string,
  { folder, sources }: ChartPlace,
): Promise<void> {
  const fault = faultOf(real, await repositoryRoot(folder, sources), sources);
  if (fault === undefined) return;
  throw new TaskError(
    `The chart depends on ${address} (${place}), which ${fault}; put that chart into the chart's repository.`,
  );
}

/** Where a folder really is; undefined when there is none. @param what begins the message about a link on the way */
export async function realFolder(folder: string, sources: string, what: string): Promise<string | undefined> {
  try {
    return await follow(folder, sources);
  } catch (error) {
    if (!(error instanceof BadLink)) throw error;
    throw new TaskError(`${what} goes by a link, ${error.link}, that ${error.fault}; name the folder itself.`);
  }
}

function faultOf(folder: string, repository: string, sources: string): string | undefined {
  if (!isInside(folder, sources)) return `lies outside the sources (${sources})`;
  if (!isInside(folder, repository)) return `lies outside the chart's own repository (${repository})`;
  return isGits(folder, sources) ? "is one of a repository's own folders" : undefined;
}

/** Helm compares the scheme as it is written; with another spelling it looks for a program of that name. */
export function isFolder({ address }: NamedRepository): boolean {
  return address.startsWith('file://');
}

/** As Helm joins it to the chart's folder, links unresolved (helm/helm, internal/resolver, GetLocalPath). */
export function folderOf(address: string, chart: string): string {
  const given = address.slice('file://'.length);
  return given.startsWith('/') ? path.resolve(given) : path.join(chart, given);
}
