import type { Diagnosis } from '../diagnosis/finding.ts';
import { issuesOf } from '../diagnosis/issues.ts';
import { openOf } from './settling.ts';
import { namesOf, type Status } from './statuses.ts';

/**
 * The causes, else what is not ready, else what the cluster says that fits no cause, a line each. What helm has said itself is
 * not said again.
 */
export function conclusionsOf({ findings, unexplained }: Diagnosis, statuses: readonly Status[]): string[] {
  if (findings.length > 0) return issuesOf({ findings, unexplained: [] });
  const open = openOf(statuses);
  if (open.length > 0) return [`Not ready, for no known cause: ${namesOf(open)}.`];
  return issuesOf({ findings, unexplained: unexplained.filter(({ owner }) => owner.kind !== 'Release') });
}
