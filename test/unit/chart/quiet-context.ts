import type { TaskContext } from '../../../tasks/common/task/context.ts';

const nothing = (): void => {};

/** What copying charts needs of a step, which says nothing. */
export function quietContext(folder: string): Pick<TaskContext, 'log' | 'signal' | 'privateFolder'> {
  return {
    log: { info: nothing, debug: nothing, progress: nothing, warning: nothing, error: nothing },
    signal: new AbortController().signal,
    privateFolder: () => folder,
  };
}
