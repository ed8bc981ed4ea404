import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { leadsIntoGit } from './git-files.ts';
import { repositoryRoot } from './repository-root.ts';

/**
 * Refuses a chart with a link to something outside its own repository: helm would package what it points to, and so put
 * files of the agent, or of a repository that only has the chart's as a submodule, into the chart. Links in what a link
 * leads to count as well, since helm follows them all; each may lead within the repository that it lies in itself.
 * @param chart the chart's folder, its links resolved
 * @param sources the folder of the run's sources, its links resolved
 * @throws TaskError naming the first such link, or one that leads round in a circle
 */
export async function refuseOutsideLinks(chart: string, sources: string): Promise<void> {
  const folders = new Set([chart]);
  // A set grows while it is walked, and holds each folder once.
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.add(file);
      if (!entry.isSymbolicLink()) continue;
      const target = await targetOf(file, { chart, sources });
      if ((await stat(target)).isDirectory()) folders.add(target);
    }
  }
}

async function targetOf(link: string, { chart, sources }: { chart: string; sources: string }): Promise<string> {
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
  if (isInside(link, target)) throw refusal(chart, link, 'leads to a folder that holds the link itself');
  return target;
}

function refusal(chart: string, link: string, where: string): TaskError {
  const name = path.relative(chart, link);
  return new TaskError(`The chart has a link, ${name}, that ${where}; put a copy of the file in its place.`);
}
