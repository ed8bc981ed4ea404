import type { Finding } from '../diagnosis/finding.ts';
import { shortened } from '../text/shown.ts';
import { titleOf } from '../watching/view.ts';
import type { DoctorReport } from './report.ts';
import { openOf } from './settling.ts';
import { namesOf, type Status } from './statuses.ts';

const longestSaid = 300;

/** What is wrong and what to do, in a few sentences. */
export const told = ({ what, fix }: Finding): string => `${sentence(what)} ${sentence(fix)}`;

/** The first cause, else what is not ready; empty where the cluster says nothing that helm has not said. */
export function conclusionOf(
  { findings, unexplained }: DoctorReport['diagnosis'],
  statuses: readonly Status[],
): string {
  const [first, ...more] = findings;
  if (first !== undefined) {
    const others =
      more.length === 0 ? '' : ` ${more.length} more ${more.length === 1 ? 'cause was' : 'causes were'} found.`;
    return `${told(first)}${others}`;
  }
  const open = openOf(statuses);
  if (open.length > 0) return `Not ready, for no known cause: ${namesOf(open)}.`;
  const odd = unexplained.find(({ owner }) => owner.kind !== 'Release');
  if (odd === undefined) return '';
  return `For no known cause ${titleOf(odd.owner)} says: ${sentence(shortened(odd.evidence[0]?.said ?? '', longestSaid))}`;
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
