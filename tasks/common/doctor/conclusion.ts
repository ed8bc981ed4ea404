import type { Diagnosis } from '../diagnosis/finding.ts';
import { issuesOf, sentence } from '../diagnosis/issues.ts';
import { shortened, visible } from '../text/shown.ts';
import { titleOf } from '../watching/view.ts';
import { namesOf, openOf, type Status } from './statuses.ts';

const longestSaid = 300;
/** Of a line, whatever names are in it. */
const longest = 1000;

/**
 * The causes, else what is not ready, else what the cluster says that fits no cause, a line each. What helm has said itself is
 * not said again.
 */
export function conclusionsOf({ findings, unexplained }: Diagnosis, statuses: readonly Status[]): string[] {
  if (findings.length > 0) return issuesOf(findings);
  const open = openOf(statuses);
  if (open.length > 0) return [visible(`Not ready, for no known cause: ${namesOf(open)}.`, longest)];
  const odd = unexplained.find(({ owner }) => owner.kind !== 'Release');
  if (odd === undefined) return [];
  const said = sentence(shortened(odd.evidence[0]?.said ?? '', longestSaid));
  return [visible(`No known cause fits; of ${titleOf(odd.owner)} the cluster says: ${said}`, longest)];
}
