import { messageOf } from '../task/outcome.ts';
import type { Revision } from './history.ts';
import { labelRecord } from './label-record.ts';
import { failedRevisionLabel } from './labels.ts';
import type { Release } from './release.ts';

/**
 * Writes down that a revision failed, before helm forgets it: a failed first install becomes `superseded` with the next
 * upgrade, any other with a roll-back that fails in its turn (helm/helm, pkg/action/upgrade.go and rollback.go), and one whose
 * tests failed was `deployed` all along. Nobody should be taken back to those unasked. Where it cannot be written down,
 * nothing else depends on it.
 */
export async function rememberFailure(release: Release, revision: Revision | undefined): Promise<void> {
  if (revision === undefined || revision.isKnownBad) return;
  const { number } = revision;
  try {
    await labelRecord(release, revision, { [failedRevisionLabel]: String(number) });
  } catch (error) {
    release.signal.throwIfAborted();
    release.tools.context.log.debug(`Revision ${number} is not marked as failed: ${messageOf(error)}`);
  }
}

/** The same for the newest revision, if helm says that it failed. */
export async function rememberFailed(release: Release, history: readonly Revision[]): Promise<void> {
  const last = history.at(-1);
  if (last?.status === 'failed') await rememberFailure(release, last);
}
