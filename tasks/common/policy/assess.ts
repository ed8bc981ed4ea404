import { matchesWildcard } from '../text/wildcard.ts';
import type { PolicyResult } from './judge.ts';
import { type Policy, policyName } from './policies.ts';

/** What makes a check fail. */
export interface Bar {
  /** `error`: what a cluster would refuse, and errors. `warning`: warnings, too. `never`: nothing. */
  readonly failOn: 'error' | 'warning' | 'never';
  /** Names of policies that may have judged nothing; `*` in them stands for any characters. */
  readonly allowUnmatched: readonly string[];
}

/** How a policy counts. `open`: it judged nothing, though it should have. `idle`: the same where that is allowed. */
export type Standing = 'passed' | 'failed' | 'warned' | 'skipped' | 'open' | 'unchecked' | 'idle';

/** A policy's result with how it counts. */
export interface Assessed extends PolicyResult {
  readonly standing: Standing;
}

/** How a check ended. */
export interface Assessment {
  readonly policies: readonly Assessed[];
  readonly result: 'Succeeded' | 'SucceededWithIssues' | 'Failed';
  /** Names in `allowUnmatched` that no policy has. */
  readonly unknownNames: readonly string[];
}

/**
 * How each policy counts, and what comes of all. A check in which no policy judged anything has failed, whatever is allowed:
 * nothing was checked.
 */
export function assess(results: readonly PolicyResult[], { failOn, allowUnmatched }: Bar): Assessment {
  const policies = results.map((result) => ({ ...result, standing: standingOf(result, allowUnmatched) }));
  const has = (...standings: readonly Standing[]): boolean =>
    policies.some((each) => standings.includes(each.standing));
  const isJudged = policies.some(({ verdicts }) => verdicts.length > 0);
  const isFailed = !isJudged || has('failed', 'open') || (failOn === 'warning' && has('warned'));
  const hasIssues = isFailed || has('warned', 'unchecked');
  return {
    policies,
    result: isFailed && failOn !== 'never' ? 'Failed' : hasIssues ? 'SucceededWithIssues' : 'Succeeded',
    unknownNames: allowUnmatched.filter((name) => !results.some(({ policy }) => isNamed(policy, name))),
  };
}

function standingOf({ state, policy }: PolicyResult, allowed: readonly string[]): Standing {
  if (state === 'error') return 'failed';
  if (state !== 'unmatched' && state !== 'unchecked') return state;
  if (allowed.some((name) => isNamed(policy, name))) return 'idle';
  return state === 'unmatched' ? 'open' : 'unchecked';
}

/** By its name alone, or with its kind before it. */
function isNamed(policy: Policy, pattern: string): boolean {
  return matchesWildcard(pattern, policy.name) || matchesWildcard(pattern, policyName(policy));
}

/** `12 policies passed, 1 failed, 2 matched nothing`, with what is not zero. */
export function countsIn({ policies }: Assessment): string {
  const said: Readonly<Record<Standing, string>> = {
    failed: 'failed',
    warned: 'found something to warn of',
    open: 'matched nothing',
    unchecked: 'cannot be checked here',
    skipped: 'had exceptions only',
    idle: 'judged nothing, as is allowed',
    passed: 'passed',
  };
  const counts = Object.entries(said).map(([standing, words]) => {
    const count = policies.filter((each) => each.standing === standing).length;
    return count === 0 ? '' : `${count} ${words}`;
  });
  return `of ${policies.length} ${policies.length === 1 ? 'policy' : 'policies'} ${counts.filter(Boolean).join(', ')}`;
}
