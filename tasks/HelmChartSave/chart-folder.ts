import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../common/task/context.ts';
import { isInside } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { refuseOutsideLinks } from './outside-links.ts';

/** Where a chart stands; both paths have every link resolved. */
export interface ChartPlace {
  readonly folder: string;
  /** The folder of the run's sources, which the chart may not lead out of. */
  readonly sources: string;
}

/**
 * Finds the chart's folder.
 * @throws TaskError when it does not exist, lies outside the sources or has links that lead there.
 */
export async function chartFolder(input: string, context: Pick<TaskContext, 'variable'>): Promise<ChartPlace> {
  const given = context.variable('Build.SourcesDirectory') ?? context.variable('System.DefaultWorkingDirectory') ?? '.';
  const asked = path.resolve(given, input);
  const [folder, sources] = await Promise.all([asked, given].map((name) => realpath(name).catch(() => undefined)));
  if (folder === undefined) {
    throw new TaskError(
      `Input chartPath is '${input}', but ${asked} does not exist; was the repository checked out (checkout: self)?`,
    );
  }
  if (sources === undefined || !isInside(folder, sources)) {
    throw new TaskError(
      `Input chartPath is '${input}', which lies outside the sources (${given}); give a folder of the repository.`,
    );
  }
  if (!(await stat(folder)).isDirectory()) {
    throw new TaskError(`Input chartPath is '${input}', which is a file; give the folder that holds Chart.yaml.`);
  }
  await refuseOutsideLinks(folder, sources);
  return { folder, sources };
}

/**
 * Makes sure that dependencies in folders beside the chart, which helm takes from anywhere, are among the sources.
 * @param repositories of the chart's dependencies; `file://../common` is such a folder.
 * @throws TaskError naming the repository, or the link in it, that leads outside.
 */
export async function refuseOutsideDependencies(
  { folder, sources }: ChartPlace,
  repositories: readonly string[],
): Promise<void> {
  for (const repository of repositories.filter((address) => address.startsWith('file://'))) {
    const local = await realpath(path.resolve(folder, repository.slice('file://'.length))).catch(() => undefined);
    if (local === undefined) continue;
    if (!isInside(local, sources)) {
      throw new TaskError(
        `The chart depends on ${repository}, which lies outside the sources (${sources}); put that chart into the repository.`,
      );
    }
    await refuseOutsideLinks(local, sources);
  }
}
