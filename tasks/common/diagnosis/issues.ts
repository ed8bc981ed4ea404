import type { Diagnosis, Finding } from './finding.ts';
import { line } from './safe-text.ts';
import { titleOf } from '../watching/view.ts';

/** The agent keeps ten errors of a step (azure-pipelines-agent, ExecutionContext); one more says how the step ended. */
const most = 8;
const longest = 700;
const longestSaid = 300;

/** What is wrong and what to do, as one line. */
export const told = ({ what, fix }: Finding): string => line(`${sentence(what)} ${sentence(fix)}`, longest);

/**
 * What a step tells of a diagnosis as errors, the first cause first, a line each: what is wrong and what to do, else what the
 * cluster says that fits no cause. None where there is neither.
 */
export function issuesOf({ findings, unexplained }: Diagnosis): string[] {
  const issues = findings.slice(0, most).map(told);
  const more = findings.length - issues.length;
  if (more > 0)
    return [...issues, `And ${more} more ${more === 1 ? 'cause' : 'causes'}, on the page in the run's summary.`];
  const [open] = unexplained;
  const said = open?.evidence[0]?.said;
  if (issues.length > 0 || open === undefined || said === undefined) return issues;
  return [line(`No known cause fits; of ${titleOf(open.owner)} the cluster says: ${line(said, longestSaid)}`, longest)];
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
