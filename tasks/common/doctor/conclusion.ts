import type { Diagnosis, Finding } from '../diagnosis/finding.ts';
import { shortened } from '../text/shown.ts';
import { titleOf } from '../watching/view.ts';

const longestSaid = 300;

/** What is wrong and what to do, in a few sentences. */
export const told = ({ what, fix }: Finding): string => `${sentence(what)} ${sentence(fix)}`;

/** The first cause and how many others there are; empty where the cluster says nothing of it. */
export function conclusionOf({ findings, unexplained }: Diagnosis): string {
  const [first, ...more] = findings;
  if (first !== undefined) {
    const others = more.length === 0 ? '' : ` ${more.length} more ${more.length === 1 ? 'cause' : 'causes'} found.`;
    return `${told(first)}${others}`;
  }
  const [open] = unexplained;
  if (open === undefined) return '';
  const said = sentence(shortened(open.evidence[0]?.said ?? '', longestSaid));
  return `No known cause fits; of ${titleOf(open.owner)} the cluster says: ${said}`;
}

export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
