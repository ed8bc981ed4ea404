import type { TaskContext } from '../../../tasks/common/task/context.ts';

/** What copying charts needs of a step. @param warnings where its warnings go */
export function quietContext(
  folder: string,
  warnings: string[] = [],
): Pick<TaskContext, 'log' | 'signal' | 'privateFolder'> {
  const nothing = (): void => {};
  return {
    log: { info: nothing, debug: nothing, progress: nothing, warning: (text) => warnings.push(text) },
    signal: new AbortController().signal,
    privateFolder: () => folder,
  };
}
