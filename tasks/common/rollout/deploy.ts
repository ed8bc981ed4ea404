import type { RollOutEnd } from './end.ts';
import { rememberFailed, rememberFailure } from './failed-revision.ts';
import { afterFailure, type FailureRules } from './failure.ts';
import { isFirst, newest, type ReleaseName, type Revision } from './history.ts';
import { type DeliveryLabels, labelArguments } from './labels.ts';
import { checkOlder, type OlderRule } from './older.ts';
import { howItEnded } from './outage.ts';
import { takeBackFailed } from './leftovers.ts';
import { recover, type RecoveryRules } from './recover.ts';
import { Release, type RolloutTools, type Step } from './release.ts';
import { unstick } from './unstick.ts';

export interface DeployRequest extends RecoveryRules, Pick<FailureRules, 'onFailure'> {
  readonly release: ReleaseName;
  /** Path of the chart. */
  readonly chart: string;
  /** Path of the one file with all values. */
  readonly valuesFile: string;
  readonly skipCrds: boolean;
  readonly takeOwnership: boolean;
  /** Whether the tests of the release are run, and count. */
  readonly runTests: boolean;
  readonly labels: DeliveryLabels;
  readonly older: OlderRule;
  /** Looks on, and at what failed before it is undone. */
  readonly observer?: RolloutObserver | undefined;
}

/** Somebody who looks on at a roll-out. */
export interface RolloutObserver {
  /** Helm is about to make this revision. What comes back is called when helm has ended. */
  started(revision: number): () => void;
  /** It failed, and nothing is undone yet. What comes back is added to the reason. */
  failed(reason: string): Promise<string>;
}

/** Why a roll-out failed, and what is left of it. */
interface Verdict {
  readonly reason: string | undefined;
  readonly history: readonly Revision[];
  /** Whether there is a revision of this run that could be undone. */
  readonly isOurs: boolean;
}

/**
 * Rolls a chart out as the next revision of a release, recovers the release before where a helm left it stuck, and undoes
 * what failed as the request says. Helm's exit code and its record tell how it went, never its texts: a record that says
 * deployed was written after helm had seen all that it waits for, so it counts also where helm was cut off after it.
 * @throws TaskError when nothing was changed, or when the release stays stuck; the signal's reason when the run is cancelled,
 * or the Lease lost
 */
export async function rollOut(request: DeployRequest, tools: RolloutTools): Promise<RollOutEnd> {
  const release = new Release(request.release, tools);
  const { log } = tools.context;
  const seen = await release.history();
  checkOlder(request.labels, newest(seen, 'deployed'), request.older, log);
  const recovered = await recover(release, seen, request);
  await rememberFailed(release, recovered.history);
  const { history, ...cleared } = await takeBackFailed(release, recovered.history, request);
  const good = newest(history, 'deployed');
  const before = newest(seen, 'deployed') ?? good;
  const done = [recovered.done, cleared.done].filter((sentence) => sentence !== undefined);
  const upgraded = await upgrade(release, history, request);
  const verdict = upgraded.reason === undefined && request.runTests ? await test(release, upgraded, request) : upgraded;
  const after = verdict.history.at(-1);
  if (verdict.reason === undefined) {
    return { failed: false, message: `${release.title}: revision ${after?.number} is deployed.`, before, after, done };
  }
  const reason = `${verdict.reason}${await findings(request, verdict.reason)}`;
  if (!verdict.isOurs) return { failed: true, message: `${release.title}: ${reason}`, before, after, done };
  log.warning(`${release.title}: ${reason}`);
  await rememberFailure(release, after);
  const rules = { ...request, deployer: request.labels };
  const end = await afterFailure(release, verdict.history, good, rules);
  const message = `${release.title}: ${reason} ${end.done}`;
  return { failed: true, message, before, after: end.history.at(-1), done: [...done, end.done] };
}

async function findings({ observer }: DeployRequest, reason: string): Promise<string> {
  const found = (await observer?.failed(reason)) ?? '';
  return found === '' ? '' : ` ${found}`;
}

async function upgrade(release: Release, history: readonly Revision[], request: DeployRequest): Promise<Verdict> {
  const number = history.at(-1)?.number ?? 0;
  const ended = request.observer?.started(number + 1);
  try {
    const step = await release.run({
      action: 'upgrade',
      history,
      start: (records, signal) =>
        release.tools.helm.upgrade(
          { ...request, release: release.name.name, labels: labelArguments(request.labels, isFirst(records)) },
          signal,
        ),
      mend: async (records) => {
        await rememberFailed(release, records);
        return (await unstick(release, records, request)).history;
      },
    });
    return judge(release, step, history, request);
  } finally {
    ended?.();
  }
}

/** @param before the records when the step began; helm may have been run several times since, and mended in between */
function judge(release: Release, step: Step, before: readonly Revision[], { labels }: DeployRequest): Verdict {
  const { end, history } = step;
  const last = history.at(-1);
  const isIn = (records: readonly Revision[]): boolean => records.some(({ number }) => number === last?.number);
  const isNew = last !== undefined && !isIn(step.earlier);
  const isOurs = last !== undefined && !isIn(before) && last.labels.deployRun === labels.deployRun;
  const how = end.exitCode === 0 ? 'ended well' : howItEnded(end);
  if (isOurs && isNew && last.status === 'deployed') {
    if (end.exitCode !== 0) {
      release.tools.context.log.warning(`helm upgrade ${how}, but revision ${last.number} is deployed.`);
    }
    return { reason: undefined, history, isOurs };
  }
  if (isOurs && last.status !== 'deployed') {
    return { reason: `helm upgrade ${how}; revision ${last.number} is ${last.status}.`, history, isOurs };
  }
  const other = isNew
    ? `revision ${last.number} (${last.status}) was made by somebody else meanwhile, so nothing is undone`
    : 'no revision was made';
  return { reason: `helm upgrade ${how}; ${other}.`, history, isOurs: false };
}

async function test(release: Release, { history }: Verdict, { wait }: DeployRequest): Promise<Verdict> {
  const { end, history: now } = await release.run({
    history,
    start: (_history, signal) =>
      release.tools.helm.test({ release: release.name.name, timeoutSeconds: wait.timeoutSeconds }, signal),
  });
  const reason =
    end.exitCode === 0 ? undefined : `The tests of the release did not pass: helm test ${howItEnded(end)}.`;
  return { reason, history: now, isOurs: true };
}
