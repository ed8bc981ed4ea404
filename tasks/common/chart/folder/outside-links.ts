import path from 'node:path';
import { isInside } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { visible } from '../../text/shown.ts';
import { BadLink, followLink } from './follow-links.ts';

interface Surroundings {
  /** The chart's folder, its links resolved. */
  readonly chart: string;
  /** The folder of the run's sources, its links resolved. */
  readonly sources: string;
  /** The real folders that helm came through to the link. */
  readonly above: readonly string[];
}

/**
 * Where a link in a chart leads, all links resolved. Each may lead within the repository that it lies in itself: helm would
 * package what it points to, and so put files of the agent, or of a repository that only has the chart's as a submodule,
 * into the chart.
 * @throws TaskError when it leads elsewhere, into git's own files, to nothing, or round in a circle
 */
export async function linkTarget(link: string, { chart, sources, above }: Surroundings): Promise<string> {
  try {
    const target = await followLink(link, sources);
    if (!above.some((folder) => isInside(folder, target))) return target;
    throw new BadLink(link, 'leads to a folder that holds the link itself');
  } catch (error) {
    if (!(error instanceof BadLink)) throw error;
    const name = visible(path.relative(chart, error.link), 200);
    throw new TaskError(`The chart has a link, ${name}, that ${error.fault}; put a copy of the file in its place.`);
  }
}
