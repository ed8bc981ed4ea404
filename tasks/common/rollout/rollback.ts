import type { Given } from '../task/inputs.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import type { RollOutEnd } from './end.ts';
import { newest, wasGood, type ReleaseName, type Revision } from './history.ts';
import { labelRecord } from './label-record.ts';
import { type DeliveryLabels, labelValues } from './labels.ts';
import { howItEnded } from './outage.ts';
import { rollbackWork } from './leftovers.ts';
import { recover, type RecoveryRules } from './recover.ts';
import { isStuck, Release, type RolloutTools } from './release.ts';
import { type HelmManners, unstick } from './unstick.ts';

/** Who rolls back; what is deployed then stays the work of the CI run that the revision names. */
export type Deployer = Pick<DeliveryLabels, 'deployRun' | 'approver'>;

export interface RollBackRequest extends RecoveryRules {
  readonly release: ReleaseName;
  /** The revision to go back to; undefined: the good one before the current one. */
  readonly toRevision: Given<number | undefined>;
  readonly deployer: Deployer;
}

/** How a roll-back ended. */
export interface WentBack {
  readonly isGood: boolean;
  readonly history: readonly Revision[];
  /** A sentence. */
  readonly done: string;
}

/**
 * Rolls a release back because somebody wants it. Nothing is asked about its age.
 * @throws TaskError when there is no such revision, or none that was good.
 */
export async function rollBack(request: RollBackRequest, tools: RolloutTools): Promise<RollOutEnd> {
  const release = new Release(request.release, tools);
  // What cannot be done is told before anything is changed.
  const seen = await release.history();
  const target = targetOf(release, seen, request.toRevision);
  const { history, done } = await recover(release, seen, request);
  const before = newest(seen, 'deployed') ?? newest(history, 'deployed');
  tools.context.log.info(`${release.title} goes back to revision ${target.number}.`);
  const back = await goBack(release, history, target, request, request.deployer);
  return {
    failed: !back.isGood,
    message: `${release.title}: ${back.done}`,
    before,
    after: back.history.at(-1),
    done: [...(done === undefined ? [] : [done]), back.done],
  };
}

const isGood = (revision: Revision): boolean => revision.status === 'deployed' || wasGood(revision);

function targetOf(release: Release, history: readonly Revision[], wanted: Given<number | undefined>): Revision {
  const { name, namespace } = release.name;
  if (history.length === 0) {
    throw new TaskError(
      `There is no release '${name}' in namespace '${namespace}', so nothing is rolled back: check its name, the namespace ` +
        `and the cluster. helm list --all --namespace ${namespace} shows what is there.`,
    );
  }
  const asked = history.find(({ number }) => number === wanted.value);
  const target = wanted.value === undefined ? history.slice(0, -1).findLast(isGood) : asked;
  // Somebody who names a revision may know better than we do.
  if (target !== undefined && ['deployed', 'superseded'].includes(target.status)) return target;
  const there = history.map(
    ({ number, status, isKnownBad }) => `${number} ${status}${isKnownBad ? ' (it failed)' : ''}`,
  );
  const why =
    wanted.value === undefined
      ? 'there is no revision before the current one that was good'
      : `input ${wanted.input} is ${wanted.value}, which ${asked === undefined ? 'helm has no record of (any more)' : `is ${asked.status}`}`;
  throw new TaskError(
    `${release.title} is not rolled back: ${why}. Revisions there: ${there.join(', ')}. Choose one that is deployed or ` +
      'superseded; older ones are gone for good, and come back by deploying their chart again.',
  );
}

/**
 * Goes back to a revision and waits until what it brings back is healthy, whatever the step itself waits for. A hook that
 * fails leaves helm's record pending; then it is ended without hooks.
 */
export async function goBack(
  release: Release,
  history: readonly Revision[],
  target: Revision,
  manners: HelmManners,
  deployer: Deployer,
): Promise<WentBack> {
  const wait = watched(manners);
  const step = await release.run(rollbackWork(release, history, { ...manners, wait }, target, false));
  const last = step.history.at(-1);
  if (last !== undefined && isStuck(last)) {
    const ended = await unstick(release, step.history, manners, { target, wait });
    const now = ended.history.at(-1);
    const done = `The roll-back to revision ${target.number} ${howItEnded(step.end)}. ${ended.done ?? ''}`;
    if (now?.status === 'deployed') await sign(release, now, deployer);
    return { isGood: false, history: ended.history, done };
  }
  const isNew = last !== undefined && last.number > (history.at(-1)?.number ?? 0);
  if (!isNew || last.status !== 'deployed') {
    const how = step.end.exitCode === 0 ? 'ended well, but helm has no record of it' : howItEnded(step.end);
    const now = isNew
      ? `revision ${last.number} is ${last.status}, and the objects of the release may be of both revisions`
      : 'no revision was made of it';
    return { isGood: false, history: step.history, done: `The roll-back to revision ${target.number} ${how}; ${now}.` };
  }
  await sign(release, last, deployer);
  const done = `Rolled back to revision ${target.number}, which is revision ${last.number} now and healthy.`;
  return { isGood: true, history: step.history, done };
}

/** A roll-back is never taken for good unseen. */
const watched = ({ wait }: HelmManners): HelmManners['wait'] =>
  wait.strategy === 'hookOnly' ? { ...wait, strategy: 'legacy' } : wait;

/**
 * Writes down who rolled back. Helm has no flag for it: it copies the labels of the revision it goes back to, which stays
 * right for what is deployed.
 */
async function sign(release: Release, revision: Revision, deployer: Deployer): Promise<void> {
  const unknown = {
    ciProject: undefined,
    ciPipeline: undefined,
    ciRun: undefined,
    commit: undefined,
    digest: undefined,
  };
  const all = labelValues({ ...unknown, ...deployer });
  const labels = Object.fromEntries(Object.entries(all).filter(([name]) => /\/(?:deploy-run|approver)$/.test(name)));
  try {
    await labelRecord(release, revision, labels);
  } catch (error) {
    release.signal.throwIfAborted();
    release.tools.context.log.warning(
      `Revision ${revision.number} keeps the labels of the revision that it was copied from, and does not name this run: ${messageOf(error)}`,
    );
  }
}
