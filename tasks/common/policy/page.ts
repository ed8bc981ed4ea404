import { markdownTable, markdownText } from '../text/markdown.ts';
import { type Assessed, type Assessment, countsIn, type Standing } from './assess.ts';
import { objectName, objectWithSets } from './objects.ts';
import { policyName, type Verdict } from './policies.ts';
import { lineAt } from './rendered-line.ts';

const mostRows = 50;

/** What people read of a standing. */
const words: Readonly<Record<Standing, string>> = {
  failed: 'failed',
  open: 'matched nothing',
  warned: 'warns',
  unchecked: 'not checked',
  skipped: 'exceptions only',
  idle: 'judged nothing (allowed)',
  passed: 'passed',
};

const order = Object.keys(words);

/** The page of a check: what it comes to, what is wrong, the policies, what was not judged, and the exceptions. */
export function policyPage(assessment: Assessment, subject: string): string {
  const { policies, result } = assessment;
  const verdicts = policies.flatMap((policy) => policy.verdicts);
  const of = (...results: readonly Verdict['result'][]): Verdict[] =>
    verdicts.filter((verdict) => results.includes(verdict.result));
  const verdict = { Succeeded: 'Passed', SucceededWithIssues: 'Passed with issues', Failed: 'Failed' }[result];
  const parts = [
    `**${verdict}.** ${markdownText(subject, 300)}: ${countsIn(assessment)}.`,
    section('Refused', verdictTable(of('fail', 'error'))),
    section('Warnings', verdictTable(of('warn'))),
    section('Not judged', notJudged(policies)),
    section('Exceptions', verdictTable(of('skip'))),
    section('Policies', policyTable(policies)),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function section(title: string, table: string): string {
  return table === '' ? '' : `### ${title}\n\n${table}`;
}

function bounded(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const rest = rows.length - mostRows;
  const more = rest > 0 ? `\n\nAnd ${rest} more, which the Tests tab shows.` : '';
  return markdownTable(head, rows.slice(0, mostRows)) + more;
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.slice(0, mostRows + 1).map((verdict) => {
    const { policy, rule, object, message, path } = verdict;
    const line = lineAt(object.owner ?? object, path);
    return [
      rule === '' ? policyName(policy) : `${policyName(policy)}, ${rule}`,
      objectWithSets(object),
      path,
      message,
      line === undefined ? object.source : `${object.source}, line ${line.number} of the document: ${line.text}`,
    ];
  });
  const all = [...rows, ...verdicts.slice(rows.length).map(() => [])];
  return bounded(['Policy', 'Object', 'Field', 'What it says', 'Where'], all);
}

function notJudged(policies: readonly Assessed[]): string {
  const rows = policies.flatMap(({ policy, state, reason, standing, lacks }) => {
    const reasons = state === 'unmatched' ? ['it matched no object'] : [reason, ...lacks].filter(Boolean);
    return reasons.map((each) => [policyName(policy), standing === 'idle' ? `${each} (allowed)` : each, policy.source]);
  });
  return bounded(['Policy', 'Why', 'File'], rows);
}

function policyTable(policies: readonly Assessed[]): string {
  const sorted = [...policies].sort((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing));
  const rows = sorted.map(({ policy, standing, verdicts }) => [
    policyName(policy),
    words[standing],
    policy.severity,
    String(new Set(verdicts.map(({ object }) => objectName(object))).size),
  ]);
  return bounded(['Policy', 'Result', 'Severity', 'Objects'], rows);
}
