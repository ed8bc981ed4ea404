import type { Finding } from './finding.ts';
import { line } from './safe-text.ts';

/** The agent keeps ten errors of a step (azure-pipelines-agent, ExecutionContext); one more says how the step ended. */
const most = 8;
const longest = 700;

/** What a step tells of causes as errors, the first one first, a line each: what is wrong and what to do. */
export function issuesOf(findings: readonly Finding[]): string[] {
  const issues = findings.slice(0, most).map(({ what, fix }) => line(`${sentence(what)} ${sentence(fix)}`, longest));
  const more = findings.length - issues.length;
  const rest = `And ${more} more ${more === 1 ? 'cause' : 'causes'}, on the page in the run's summary.`;
  return more > 0 ? [...issues, rest] : issues;
}

/** With a full stop, unless it has an end of its own. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
