import type { Given } from '../task/inputs.ts';
import type { Revision } from './history.ts';
import { howItEnded } from './outage.ts';
import { isStuck, type Release } from './release.ts';
import { type Deployer, goBack } from './rollback.ts';
import { type HelmManners, isThere, uninstall, unstick } from './unstick.ts';

/** What is done with a roll-out that failed. */
export type OnFailure = 'rollback' | 'uninstallFirstInstall' | 'keep';

export interface FailureRules extends HelmManners {
  readonly onFailure: Given<OnFailure>;
  readonly deployer: Deployer;
}

/** What became of a roll-out that failed. */
export interface AfterFailure {
  readonly history: readonly Revision[];
  /** A sentence. */
  readonly done: string;
}

/**
 * Undoes a roll-out that failed, or leaves it to be looked at.
 * @param history with the revision that failed at its end
 * @param good the revision that was deployed before; undefined where none ever was
 */
export async function afterFailure(
  release: Release,
  history: readonly Revision[],
  good: Revision | undefined,
  rules: FailureRules,
): Promise<AfterFailure> {
  const last = history.at(-1);
  const { value: onFailure, input } = rules.onFailure;
  if (onFailure === 'keep') return { history, done: kept(last, `since input ${input} is keep`) };
  const target = history.find(({ number }) => number === good?.number);
  if (target !== undefined) {
    const { history: now, done } = await goBack(release, history, target, rules, rules.deployer);
    return { history: now, done };
  }
  if (good !== undefined) {
    return { history, done: kept(last, `since helm has no record of revision ${good.number} any more`) };
  }
  if (onFailure === 'uninstallFirstInstall') return takeAway(release, history, rules);
  if (last !== undefined && isStuck(last)) {
    const { history: now, done = '' } = await unstick(release, history, rules);
    return { history: now, done };
  }
  return { history, done: kept(last, `since there is no good revision to go back to (input ${input})`) };
}

function kept(last: Revision | undefined, why: string): string {
  if (last === undefined) return 'Nothing is there.';
  const pending = isStuck(last) ? ' The next run of this step recovers it; helm refuses every upgrade until then.' : '';
  return `Revision ${last.number} stays as it is (${last.status}), ${why}.${pending}`;
}

async function takeAway(release: Release, history: readonly Revision[], { wait }: FailureRules): Promise<AfterFailure> {
  const step = await uninstall(release, history, wait.timeoutSeconds);
  if (!isThere(step.history)) {
    return { history: step.history, done: 'The first install was taken away again, since no revision was ever good.' };
  }
  const how = step.end.exitCode === 0 ? 'left it there' : howItEnded(step.end);
  return { history: step.history, done: `The first install should be taken away again, but helm uninstall ${how}.` };
}
