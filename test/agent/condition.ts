import type { TaskResult } from './step-result.ts';

/** When a step runs. Without a condition it needs that all before it went well. */
export type Condition = 'succeeded()' | 'failed()' | 'succeededOrFailed()' | 'always()';

const statuses: Readonly<Record<Condition, readonly TaskResult[]>> = {
  'succeeded()': ['Succeeded', 'SucceededWithIssues'],
  'failed()': ['Failed'],
  'succeededOrFailed()': ['Succeeded', 'SucceededWithIssues', 'Failed'],
  'always()': ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled'],
};

/** Whether a step runs now. What the condition throws, when it is worked out by the caller, is passed on. */
export function conditionHolds(condition: Condition | (() => boolean), jobStatus: TaskResult): boolean {
  return typeof condition === 'function' ? condition() : statuses[condition].includes(jobStatus);
}
