import { messageOf } from '../task/outcome.ts';
import { newest, type Revision, secretsPath } from './history.ts';
import { howItEnded } from './outage.ts';
import { isStuck, type Release, type Work } from './release.ts';
import type { HelmManners, Recovered } from './unstick.ts';

// Where helm writes objects by itself (Helm 3, and Helm 4 for releases that Helm 3 made), it takes a field away only when the
// manifest that it compares with has it: that of the last deployed revision for an upgrade, that of the last revision for a
// roll-back (pkg/action/upgrade.go, rollback.go). A field that a failed revision alone has, such as a node selector, would stay
// on the objects for ever, whatever is deployed next. Server-side apply has owners of fields, and no such trouble.

/** A roll-back, in as many runs of helm as it takes, each from what was there before it. */
export function rollbackWork(
  release: Release,
  history: readonly Revision[],
  manners: HelmManners,
  target: Revision,
  noHooks: boolean,
): Work {
  const request = { ...manners, release: release.name.name, revision: target.number, noHooks };
  return {
    action: 'rollback',
    history,
    start: (_history, signal) => release.tools.helm.rollback(request, signal),
    mend: (records) => forgetRollback(release, records),
  };
}

/**
 * Takes back what a failed revision left on the objects, before an upgrade is compared with the revision before it. Nothing
 * is waited for, and no hooks run.
 */
export async function takeBackFailed(
  release: Release,
  history: readonly Revision[],
  manners: HelmManners,
): Promise<Recovered> {
  const [last, good] = [history.at(-1), newest(history, 'deployed')];
  if (last?.status !== 'failed' || good === undefined) return { history, done: undefined };
  const wait = { ...manners.wait, strategy: 'hookOnly' } as const;
  const step = await release.run(rollbackWork(release, history, { ...manners, wait }, good, true));
  const now = step.history.at(-1);
  const { log } = release.tools.context;
  if (now?.status === 'deployed') {
    const done = `Revision ${last.number}, which failed, was taken back first: revision ${now.number} is revision ${good.number} again.`;
    log.info(done);
    return { history: step.history, done };
  }
  log.warning(
    `Revision ${last.number}, which failed, could not be taken back: helm rollback ${howItEnded(step.end)}. Fields that it alone ` +
      'has may stay on the objects of the release.',
  );
  return { history: step.history, done: undefined };
}

/**
 * Drops the record of a roll-back that never ended, so that the next one is compared with the revision that was to be left.
 * @returns the records after it
 */
export async function forgetRollback(release: Release, history: readonly Revision[]): Promise<readonly Revision[]> {
  const [before, last] = history.slice(-2);
  if (last?.status !== 'pending-rollback' || before === undefined || isStuck(before)) return history;
  release.checkHeld();
  try {
    const path = `${secretsPath(release.name.namespace)}/${last.secretName}`;
    // Not what another run wrote under this name since, should this one have stood still right here.
    const options = { preconditions: last.record };
    await release.tools.client.delete(path, options, { signal: release.signal });
  } catch (error) {
    release.signal.throwIfAborted();
    release.tools.context.log.warning(
      `Revision ${last.number}, a roll-back that never ended, stays in the history: ${messageOf(error)} Fields that revision ` +
        `${before.number} alone has may stay on the objects of the release.`,
    );
  }
  return release.history();
}
