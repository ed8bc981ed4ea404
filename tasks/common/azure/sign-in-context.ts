import type { TaskContext } from '../task/context.ts';

/** What of the task's context signing in needs. */
export type SignInContext = Pick<TaskContext, 'network' | 'log' | 'signal' | 'job' | 'maskSecret'>;
