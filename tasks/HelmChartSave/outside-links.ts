import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';

/**
 * Refuses a chart with a link to something outside the sources: helm would package what it points to, and so put files
 * of the agent into the chart. Links in what a link leads to count as well, since helm follows them all.
 * @param chart the chart's folder, its links resolved
 * @param sources the folder that links may stay in, its links resolved
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
  if (holdsGit(path.relative(sources, target))) {
    throw refusal(chart, link, `leads to ${target}, into a repository's own files, which may hold the job's token`);
  }
  if (isInside(link, target)) throw refusal(chart, link, 'leads to a folder that holds the link itself');
  return target;
}

function refusal(chart: string, link: string, where: string): TaskError {
  const name = path.relative(chart, link);
  return new TaskError(`The chart has a link, ${name}, that ${where}; put a copy of the file in its place.`);
}

/** `.git` in any case, and the short name that Windows gives it. */
function holdsGit(relative: string): boolean {
  return relative.split(path.sep).some((part) => /^(\.git|git~\d+)$/i.test(part));
}
