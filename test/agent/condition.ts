import type { TaskResult } from './step-result.ts';

/** When a step runs. Without a condition it needs that all before it went well. */
export type Condition = 'succeeded()' | 'failed()' | 'succeededOrFailed()' | 'always()';

const statuses: Readonly<Record<Condition, readonly TaskResult[]>> = {
  'succeeded()': ['Succeeded', 'SucceededWithIssues'],
  'failed()': ['Failed'],
  'succeededOrFailed()': ['Succeeded', 'SucceededWithIssues', 'Failed'],
  'always()': ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled'],
};

export function conditionHolds(condition: Condition, jobStatus: TaskResult): boolean {
  return statuses[condition].includes(jobStatus);
}
