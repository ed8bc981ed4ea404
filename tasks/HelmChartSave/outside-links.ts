import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { leadsIntoGit } from './git-files.ts';
import { repositoryRoot } from './repository-root.ts';

interface Surroundings {
  /** The chart's folder, its links resolved. */
  readonly chart: string;
  /** The folder of the run's sources, its links resolved. */
  readonly sources: string;
  /** The real folders that helm came through to the link. */
  readonly above: readonly string[];
}

/**
 * Where a link in a chart leads, all links resolved. It may lead within the repository that it lies in itself: helm would
 * package what it points to, and so put files of the agent, or of a repository that only has the chart's as a submodule,
 * into the chart.
 * @throws TaskError when it leads elsewhere, into git's own files, to nothing, or round in a circle
 */
export async function linkTarget(link: string, { chart, sources, above }: Surroundings): Promise<string> {
  const target = await realpath(link).catch(() => undefined);
  if (target === undefined) throw refusal(chart, link, 'leads to nothing');
  if (!isInside(target, sources)) throw refusal(chart, link, `leads to ${target}, outside the sources`);
  const repository = await repositoryRoot(path.dirname(link), sources);
  if (!isInside(target, repository)) {
    throw refusal(chart, link, `leads to ${target}, outside the repository that it lies in (${repository})`);
  }
  if (leadsIntoGit(path.relative(sources, target).split(path.sep))) {
    throw refusal(chart, link, `leads to ${target}, into a repository's own files, which may hold the job's token`);
  }
  if (above.some((folder) => isInside(folder, target))) {
    throw refusal(chart, link, 'leads to a folder that holds the link itself');
  }
  return target;
}

function refusal(chart: string, link: string, where: string): TaskError {
  const name = path.relative(chart, link);
  return new TaskError(`The chart has a link, ${name}, that ${where}; put a copy of the file in its place.`);
}
