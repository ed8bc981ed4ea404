import type { TaskContext } from '../common/task/context.ts';

/**
 * Whether a path, in parts, leads into `.git`. Names are compared as the file systems of Windows and macOS do, to which
 * `.GIT`, `.git.`, `.git ` and `.git::$INDEX_ALLOCATION` are the same folder, and `git~1` its short name.
 */
export function leadsIntoGit(parts: readonly string[]): boolean {
  return parts.some((part) => /^(\.git|git~\d+)[. ]*(:.*)?$/i.test(part));
}

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
