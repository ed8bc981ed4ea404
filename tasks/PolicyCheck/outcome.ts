import { type Assessment, countsIn } from '../common/policy/assess.ts';
import { junitText } from '../common/policy/junit.ts';
import { objectWithSets } from '../common/policy/objects.ts';
import { policyPage } from '../common/policy/page.ts';
import { policyName } from '../common/policy/policies.ts';
import type { TaskContext } from '../common/task/context.ts';
import type { Outcome } from '../common/task/outcome.ts';
import { shortened, shown } from '../common/text/shown.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** Of each kind so many issues are shown on the step; the Tests tab has all. */
const mostIssues = 10;
const longestIssue = 500;

/** Tells how a check ended: outputs, the Tests tab, issues of the step, the page of the run. */
export function outcomeOf(
  assessment: Assessment,
  subject: string,
  { engine, failOn }: Inputs,
  context: TaskContext<Output>,
): Outcome {
  const { result, policies, unknownNames } = assessment;
  const count = (...standings: readonly string[]): string =>
    String(policies.filter(({ standing }) => standings.includes(standing)).length);
  context.setOutput('policiesPassed', count('passed'));
  context.setOutput('policiesFailed', count('failed', ...(failOn === 'warning' ? ['warned'] : [])));
  context.setOutput('policiesUnmatched', count('open', 'unchecked', 'idle'));
  const title = `Policies of ${subject.replace(/^The /, '')}`.replace(/[^A-Za-z0-9 -]/g, '-').slice(0, 100);
  context.publishTestResults({ title: `${title} (${engine})`, junit: junitText(assessment, failOn === 'warning') });
  tellIssues(assessment, failOn === 'warning', context);
  for (const name of unknownNames) {
    context.log.warning(`Input allowUnmatched names ${shown(name)}, but no policy of that name was loaded.`);
  }
  const isJudged = policies.some(({ verdicts }) => verdicts.length > 0);
  const message = `${subject}: ${countsIn(assessment)}${isJudged ? '' : '; nothing was checked'}.`;
  return { message, result, summary: { title, markdown: policyPage(assessment, subject) } };
}

function tellIssues({ policies }: Assessment, warningsFail: boolean, { log }: TaskContext<Output>): void {
  const verdicts = policies.flatMap((policy) => policy.verdicts);
  const said = (...results: readonly string[]): string[] =>
    verdicts
      .filter(({ result }) => results.includes(result))
      .map(({ policy, object, message, path }) => {
        const place = path === '' ? '' : ` at ${path}`;
        return `${policyName(policy)}: ${objectWithSets(object)}${place}: ${message} (${object.source})`;
      });
  const judgedNothing = policies.flatMap(({ policy, standing, state, reason }) => {
    if (standing === 'open') {
      return [
        `${policyName(policy)} (${policy.source}) matched no object, so it checked nothing: correct what it matches, or name it in ` +
          'input allowUnmatched.',
      ];
    }
    return state === 'error' && reason !== ''
      ? [`${policyName(policy)} (${policy.source}) cannot be judged by: ${reason}`]
      : [];
  });
  const unchecked = policies.flatMap(({ policy, standing, reason }) =>
    standing === 'unchecked'
      ? [`${policyName(policy)} is not checked: ${reason}. Name it in input allowUnmatched to be told of it no more.`]
      : [],
  );
  const warnings = said('warn');
  tell([...judgedNothing, ...said('fail', 'error'), ...(warningsFail ? warnings : [])], (text) => log.error(text));
  tell([...(warningsFail ? [] : warnings), ...unchecked], (text) => log.warning(text));
}

function tell(issues: readonly string[], write: (text: string) => void): void {
  for (const issue of issues.slice(0, mostIssues)) write(shortened(issue, longestIssue));
  const rest = issues.length - mostIssues;
  if (rest > 0) write(`And ${rest} more, which the Tests tab shows.`);
}
