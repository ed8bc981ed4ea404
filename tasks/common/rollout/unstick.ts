import type { HelmWait } from '../helm/index.ts';
import { TaskError } from '../task/outcome.ts';
import { lastGood, newest, type Revision } from './history.ts';
import { forgetRollback, rollbackWork } from './leftovers.ts';
import { howItEnded } from './outage.ts';
import { isStuck, type Release, type Step } from './release.ts';

/** How helm waits and what it keeps, whatever it does to the release. */
export interface HelmManners {
  readonly wait: HelmWait;
  readonly historyMax: number;
  readonly forceConflicts: boolean;
}

/** A release that helm would take an upgrade of, and what was done for that, as a sentence. */
export interface Recovered {
  readonly history: readonly Revision[];
  readonly done: string | undefined;
}

/** Where a release that is stuck goes, and how that is waited for. */
interface WayOut {
  /** The revision; if not given, what was good before the one that is stuck. */
  readonly target?: Revision | undefined;
  /** If not given, nothing is waited for, as where an upgrade follows. */
  readonly wait?: HelmWait;
}

/**
 * Ends what a dead helm left, by a roll-back to what was good before it, which leaves no pending revision behind whether it
 * succeeds or not, or by taking away what never was good.
 * @throws TaskError when the release is still stuck.
 */
export async function unstick(
  release: Release,
  history: readonly Revision[],
  rules: HelmManners,
  wayOut: WayOut = {},
): Promise<Recovered> {
  const last = history.at(-1);
  if (last === undefined || !isStuck(last)) return { history, done: undefined };
  const { target = goodBefore(release, last, history), wait = { ...rules.wait, strategy: 'hookOnly' } } = wayOut;
  if (target === undefined) return removeUnfinished(release, history, last, rules);
  const back = async (noHooks: boolean, records: readonly Revision[]): Promise<Step> =>
    release.run(rollbackWork(release, await forgetRollback(release, records), { ...rules, wait }, target, noHooks));
  // A hook that failed once is not given the chance to leave the next revision pending.
  let noHooks = last.status !== 'pending-upgrade';
  let step = await back(noHooks, history);
  if (!noHooks && step.history.at(-1)?.status === 'pending-rollback') {
    noHooks = true;
    step = await back(noHooks, step.history);
  }
  const now = step.history.at(-1);
  if (now === undefined || isStuck(now)) throw explainStuck(release, step);
  // The record of a roll-back was dropped, so the next one has its number.
  const became =
    now.number === last.number ? `it is ${now.status} now` : `that is revision ${now.number}, which is ${now.status}`;
  const done =
    `Revision ${last.number}, which was left ${last.status}, was ended by a roll-back to revision ${target.number}` +
    `${noHooks ? ' without its hooks' : ''}; ${became}.`;
  release.tools.context.log.info(done);
  return { history: step.history, done };
}

/** The revision to go back to; undefined where nothing was ever good, or where an uninstall of ours was cut off. */
function goodBefore(release: Release, last: Revision, history: readonly Revision[]): Revision | undefined {
  if (last.status === 'pending-install') return undefined;
  if (last.status !== 'uninstalling') return lastGood(history);
  const { left } = release.tools.lease ?? {};
  if (left?.action === 'uninstall' && left.revision === last.number) return undefined;
  // What somebody began to take away is what was there.
  return newest(history, 'deployed') ?? last;
}

async function removeUnfinished(
  release: Release,
  history: readonly Revision[],
  last: Revision,
  { wait }: HelmManners,
): Promise<Recovered> {
  const step = await uninstall(release, history, wait.timeoutSeconds);
  if (isThere(step.history)) throw explainStuck(release, step);
  const done = `Revision ${last.number}, which was left ${last.status}, was taken away: the release was never good before it.`;
  release.tools.context.log.info(done);
  return { history: step.history, done };
}

/** Uninstalls a release; without its hooks when they are in the way. */
export async function uninstall(release: Release, history: readonly Revision[], timeoutSeconds: number): Promise<Step> {
  const work = (noHooks: boolean, records: readonly Revision[]): Promise<Step> =>
    release.run({
      action: 'uninstall',
      history: records,
      start: (_history, signal) =>
        release.tools.helm.uninstall({ release: release.name.name, timeoutSeconds, noHooks }, signal),
    });
  const step = await work(false, history);
  return isThere(step.history) ? work(true, step.history) : step;
}

export function isThere(history: readonly Revision[]): boolean {
  const last = history.at(-1);
  return last !== undefined && last.status !== 'uninstalled';
}

function explainStuck(release: Release, { end, history }: Step): TaskError {
  const last = history.at(-1);
  return new TaskError(
    `${release.title}: revision ${last?.number ?? 0} is still ${last?.status ?? 'unknown'}, since the helm that should end it ` +
      `${end.exitCode === 0 ? 'left it so' : howItEnded(end)}. Mend what it names and run the step again, which tries to ` +
      'recover the release anew.',
  );
}
