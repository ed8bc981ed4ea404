import { printable, shortenedInside } from '../text/shown.ts';
import type { Assessed, Assessment } from './assess.ts';
import { objectWithSets } from './objects.ts';
import { policyName, type Verdict } from './policies.ts';

/** The Tests tab shows no more; what passed is left out first. */
const mostCases = 10_000;
/** Of a message, in characters. */
const longestMessage = 4000;
/** Of a case or a suite, in characters: a title in the Tests tab. */
const longestName = 400;

/** One line of the Tests tab. */
interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** Foreign text. */
  readonly message: string;
}

/**
 * The verdicts in JUnit's format, for the Tests tab: a suite for each policy, a case for each rule and object. A policy that
 * judged nothing is a case of its own, which failed unless that is allowed.
 * @param warningsFail whether a warning is a failed case; else it passes, with the warning as its output
 */
export function junitText({ policies }: Assessment, warningsFail: boolean): string {
  const suites = policies.map((policy) => ({ policy, cases: casesOf(policy, warningsFail) }));
  const all = suites.flatMap(({ cases }) => cases);
  const isWhole = all.length <= mostCases;
  const kept = new Set((isWhole ? all : all.filter(({ outcome }) => outcome !== 'passed')).slice(0, mostCases));
  const shown = suites.map(({ policy, cases }) =>
    suiteText(
      policy,
      cases.filter((each) => kept.has(each)),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${shown.join('')}</testsuites>\n`;
}

function casesOf(assessed: Assessed, warningsFail: boolean): Case[] {
  const { standing, state, reason, verdicts, lacks } = assessed;
  const cases = verdicts.map((verdict) => caseOf(verdict, warningsFail));
  cases.push(...lacks.map((message) => ({ name: message, outcome: 'skipped' as const, message })));
  if (standing === 'open') {
    cases.push({ name: 'judges something', outcome: 'failure', message: 'The policy matched no object.' });
  } else if (standing === 'idle' || standing === 'unchecked') {
    cases.push({ name: 'judges something', outcome: 'skipped', message: reason || 'The policy matched no object.' });
  } else if (state === 'error' && reason !== '') {
    cases.push({ name: 'can be judged by', outcome: 'error', message: reason });
  }
  return cases;
}

function caseOf({ rule, object, result, message, path }: Verdict, warningsFail: boolean): Case {
  const outcomes = {
    pass: 'passed',
    fail: 'failure',
    error: 'error',
    skip: 'skipped',
    warn: warningsFail ? 'failure' : 'passed',
  } as const;
  const name = `${rule === '' ? '' : `${rule}: `}${objectWithSets(object)}`;
  const said =
    result === 'pass'
      ? ''
      : [message, path === '' ? '' : `Field: ${path}`, `From: ${object.source}`].filter(Boolean).join('\n');
  return { name, outcome: outcomes[result], message: said };
}

function suiteText({ policy }: Assessed, cases: readonly Case[]): string {
  const count = (outcome: Case['outcome']): number => cases.filter((each) => each.outcome === outcome).length;
  const name = title(policyName(policy));
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return `<testsuite name="${name}" ${counts}>\n${cases.map((each) => caseText(name, each)).join('')}</testsuite>\n`;
}

function caseText(suite: string, { name, outcome, message }: Case): string {
  const said = xml(shortenedInside(message, longestMessage));
  const [line = ''] = said.split('\n', 1);
  const inner = {
    passed: said === '' ? '' : `<system-out>${said}</system-out>`,
    failure: `<failure message="${line}">${said}</failure>`,
    error: `<error message="${line}">${said}</error>`,
    skipped: `<skipped message="${line}"/>`,
  };
  return `  <testcase classname="${suite}" name="${title(name)}">${inner[outcome]}</testcase>\n`;
}

/** A name is one line. */
const title = (name: string): string => xml(shortenedInside(name, longestName).replaceAll(/\s+/g, ' '));

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** Text for XML, which has no characters that cannot be seen, and nothing that the agent would act on. */
function xml(text: string): string {
  const harmless = printable(text).replace(/[\ufffe\uffff]|\p{Cs}/gu, '');
  return harmless.replace(/[&<>"']/g, (mark) => `&${entities[mark]};`);
}
