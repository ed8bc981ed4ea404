import type { TaskContext } from '../../task/context.ts';
import { leadsIntoGit } from '../../task/job-files.ts';

/**
 * Tells files of git from those of the chart: where the chart is a whole repository, helm packages its `.git` as well
 * unless .helmignore names it. No two clones have the same one, and it may hold the job's token (persistCredentials).
 * @param isKnown whether such files were left out already
 * @returns true for a path, in parts, that leads into `.git`; the first one is told as a warning.
 */
export function gitFiles(isKnown: boolean, { log }: Pick<TaskContext, 'log'>): (parts: readonly string[]) => boolean {
  let isTold = false;
  const tell = (): void => {
    if (!isTold) log.warning("The chart's folder holds .git, which was left out; add .git/ to its .helmignore.");
    isTold = true;
  };
  if (isKnown) tell();
  return (parts) => {
    if (!leadsIntoGit(parts)) return false;
    tell();
    return true;
  };
}
