import { setTimeout as pause } from 'node:timers/promises';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import { lastGood, type Revision } from './history.ts';
import { isStuck, type Release } from './release.ts';
import { type HelmManners, type Recovered, unstick } from './unstick.ts';

/** What counts as stuck, and how long somebody else's work is waited for. */
export interface RecoveryRules extends HelmManners {
  /** In minutes; 0: not at all. */
  readonly waitForOther: Given<number>;
}

/** Nobody's helm should take longer without a word; helm's own limit may be longer. */
const leastMinutes = 15;
const minute = 60_000;

/**
 * Makes a release usable that a helm left pending when it died; helm refuses every upgrade then. What the last holder of our
 * Lease noted is left for sure, since its helm is cut off. Anything else may be the helm of a person, and counts as left when
 * the record is old enough.
 * @param seen the records of just now
 * @throws TaskError when somebody else may be at work, or when the release stays stuck.
 */
export async function recover(release: Release, seen: readonly Revision[], rules: RecoveryRules): Promise<Recovered> {
  const { log } = release.tools.context;
  const until = Date.now() + rules.waitForOther.value * minute;
  for (let looks = 0; ; looks += 1) {
    const history = looks === 0 ? seen : await release.history();
    const last = history.at(-1);
    if (last === undefined || !isStuck(last)) return { history, done: undefined };
    if (isNoted(release, last) || leftAt(last, rules) <= Date.now()) {
      log.warning(
        `${release.title}: revision ${last.number} is ${last.status}${since(last)}, and nobody works on it any more.`,
      );
      return unstick(release, history, rules);
    }
    if (Date.now() >= until) throw explainOther(release, last, history, rules);
    if ((looks * release.waits.look) % minute === 0) {
      log.info(
        `${release.title}: revision ${last.number} is ${last.status}${since(last)}; waiting for ${whose(last, history)}.`,
      );
    }
    await pause(release.waits.look, undefined, { signal: release.signal }).catch(() => release.signal.throwIfAborted());
  }
}

/** A note about the next revision counts, too: whoever wrote it down took this one for left, and died before helm began. */
function isNoted({ tools }: Release, { number }: Revision): boolean {
  const { revision } = tools.lease?.left ?? {};
  return revision === number || revision === number + 1;
}

/**
 * When a pending revision counts as left, in ms by our clock. The record's times are the API server's and those of helm's
 * machine; clocks of machines that sign in to Entra ID differ by less than five minutes, which the limit has room for.
 */
function leftAt(last: Revision, { wait }: HelmManners): number {
  return (lastSeen(last)?.getTime() ?? 0) + Math.max(wait.timeoutSeconds * 1000, leastMinutes * minute);
}

function lastSeen({ createdAt, modifiedAt }: Revision): Date | undefined {
  if (createdAt === undefined || modifiedAt === undefined) return createdAt ?? modifiedAt;
  return modifiedAt > createdAt ? modifiedAt : createdAt;
}

function since(last: Revision): string {
  const seen = lastSeen(last);
  return seen === undefined ? '' : ` since ${timeOf(seen)}`;
}

const timeOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

/** Helm hands labels on from revision to revision, so they tell of a run only where an upgrade changed them. */
function whose({ number, status, labels }: Revision, history: readonly Revision[]): string {
  const isUpgrade = status === 'pending-upgrade' || status === 'pending-install';
  const isOwn =
    isUpgrade && history.every((other) => other.number === number || other.labels.deployRun !== labels.deployRun);
  return labels.deployRun !== undefined && isOwn ? `run ${labels.deployRun}` : 'the helm of somebody else';
}

function explainOther(release: Release, last: Revision, history: readonly Revision[], rules: RecoveryRules): TaskError {
  const { name, namespace } = release.name;
  const good = lastGood(history);
  const undo =
    good === undefined
      ? `helm uninstall ${name} -n ${namespace}`
      : `helm rollback ${name} ${good.number} -n ${namespace}`;
  return new TaskError(
    `${release.title}: revision ${last.number} is ${last.status}${since(last)} by ${whose(last, history)}, which may be at ` +
      `work, so nothing was changed. Input ${rules.waitForOther.input} lets this step wait (it is ${rules.waitForOther.value} ` +
      `minutes). If nobody is at work, run the step again after ${timeOf(new Date(leftAt(last, rules)))}, when it is taken for ` +
      `left and recovered, or end it at once by ${undo}.`,
  );
}
