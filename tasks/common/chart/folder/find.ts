import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../../task/context.ts';
import type { Given } from '../../task/inputs.ts';
import { isInside } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { realPath } from '../../task/job-files.ts';
import { type ChartFiles, filesOfChart } from './files.ts';
import { BadLink, follow, isGits } from './follow-links.ts';

/** Where a chart stands; both paths have every link resolved. */
export interface ChartPlace {
  readonly folder: string;
  /** The folder of the run's sources, which the chart may not lead out of. */
  readonly sources: string;
}

/** A chart in the sources, with what helm would package of it. */
export interface FoundChart extends ChartPlace {
  readonly files: ChartFiles;
}

/**
 * Finds the chart's folder.
 * @throws TaskError when it does not exist, lies outside the sources or has links that lead there.
 */
export async function chartFolder(
  { input, value }: Given<string>,
  context: Pick<TaskContext, 'variable'>,
): Promise<FoundChart> {
  const given = context.variable('Build.SourcesDirectory') ?? context.variable('System.DefaultWorkingDirectory') ?? '.';
  const asked = path.resolve(given, value);
  const sources = await realPath(given);
  const folder = sources && (await realFolder(asked, sources, `Input ${input} is '${value}', which`));
  if (sources === undefined || folder === undefined) {
    throw new TaskError(
      `Input ${input} is '${value}', but ${asked} does not exist; was the repository checked out (checkout: self)?`,
    );
  }
  const fault = faultOf(folder, sources, sources);
  if (fault !== undefined)
    throw new TaskError(`Input ${input} is '${value}', which ${fault}; give a folder of the repository.`);
  if (!(await stat(folder)).isDirectory()) {
    throw new TaskError(`Input ${input} is '${value}', which is a file; give the folder that holds Chart.yaml.`);
  }
  return { folder, sources, files: await filesOfChart(folder, sources) };
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

/**
 * Why a folder may not be a chart's: a clause that follows its name; undefined where it may.
 * @param repository what it may not lie outside of
 */
export function faultOf(folder: string, repository: string, sources: string): string | undefined {
  if (!isInside(folder, sources)) return `lies outside the sources (${sources})`;
  if (!isInside(folder, repository)) return `lies outside the chart's own repository (${repository})`;
  return isGits(folder, sources) ? "is one of a repository's own folders" : undefined;
}
