import type { ChecksOutcome } from '../../agent/pipelines/run/service.ts';
import type { Approval } from './approvals.ts';

/** How a stage's approvals of one kind have ended, in the order of what weighs more. */
export function outcomeOf(approvals: readonly Approval[]): ChecksOutcome {
  const approvers = approvals.flatMap((approval) => approval.approvers).map(({ displayName }) => displayName);
  const rejected = approvals.find(({ status }) => status === 'rejected');
  if (rejected !== undefined) return { result: 'rejected', approvers, message: refusalOf(rejected) };
  if (approvals.some(({ status }) => status === 'canceled')) return canceled;
  const late = approvals.find(({ status }) => status === 'timedOut');
  if (late === undefined) return { result: 'passed', approvers };
  return { result: 'skipped', approvers, message: `Nobody approved environment ${late.asked.environment} in time.` };
}

export const canceled = { result: 'canceled', approvers: [], message: 'The run was cancelled.' } as const;

function refusalOf({ steps, asked }: Approval): string {
  const by = steps.find(({ status }) => status === 'rejected');
  const said = by === undefined || by.comment === '' ? '' : `: ${by.comment}`;
  return `${by?.actual?.displayName ?? 'Somebody'} rejected environment ${asked.environment}${said}`;
}
