import { issuesOf, sentence } from '../diagnosis/issues.ts';
import { shortened } from '../text/shown.ts';
import { titleOf } from '../watching/view.ts';
import type { DoctorReport } from './report.ts';
import { openOf } from './settling.ts';
import { namesOf, type Status } from './statuses.ts';

const longestSaid = 300;

/** What is told of it, a line each: the causes, else what is not ready; empty where the cluster says nothing that helm has not said. */
export function conclusionOf(
  { findings, unexplained }: DoctorReport['diagnosis'],
  statuses: readonly Status[],
): string {
  if (findings.length > 0) return issuesOf(findings).join('\n');
  const open = openOf(statuses);
  if (open.length > 0) return `Not ready, for no known cause: ${namesOf(open)}.`;
  const odd = unexplained.find(({ owner }) => owner.kind !== 'Release');
  if (odd === undefined) return '';
  return `For no known cause ${titleOf(odd.owner)} says: ${sentence(shortened(odd.evidence[0]?.said ?? '', longestSaid))}`;
}
