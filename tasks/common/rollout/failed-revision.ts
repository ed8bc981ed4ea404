import { messageOf } from '../task/outcome.ts';
import type { Revision } from './history.ts';
import { labelRecord } from './label-record.ts';
import { failedRevisionLabel } from './labels.ts';
import type { Release } from './release.ts';

/**
 * Writes down that the newest revision failed, where helm is about to forget it: a failed first install becomes
 * `superseded` with the next upgrade (helm/helm, pkg/action/upgrade.go), and one whose tests failed was `deployed` all along.
 * Nobody should be taken back to either unasked. Where it cannot be written down, nothing else depends on it.
 * @returns the records as they were
 */
export async function rememberFailure(release: Release, history: readonly Revision[]): Promise<readonly Revision[]> {
  const last = history.at(-1);
  if (last === undefined || last.isKnownBad) return history;
  try {
    await labelRecord(release, last, { [failedRevisionLabel]: String(last.number) });
  } catch (error) {
    release.signal.throwIfAborted();
    release.tools.context.log.debug(`Revision ${last.number} is not marked as failed: ${messageOf(error)}`);
  }
  return history;
}

/** The same before an upgrade, which is when helm forgets it. */
export async function rememberFailed(release: Release, history: readonly Revision[]): Promise<readonly Revision[]> {
  return history.at(-1)?.status === 'failed' ? rememberFailure(release, history) : history;
}
