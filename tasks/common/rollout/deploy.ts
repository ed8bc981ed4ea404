import type { HelmEnd } from '../helm/index.ts';
import { messageOf } from '../task/outcome.ts';
import { filledLines } from '../text/lines.ts';
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

/** Somebody who looks on at a roll-out. What goes wrong there is its own affair: nothing here throws but for the signal. */
export interface RolloutObserver {
  /** Helm is about to make this revision. */
  started(revision: number): Promise<ObservedHelm>;
  /**
   * Helm calls the revision deployed. Waits for what helm does not wait for, until helm's time is up, or a few seconds more.
   * @returns what is still not as it should be, as a sentence; undefined when all is well
   */
  settled(signal: AbortSignal): Promise<string | undefined>;
  /** It failed, and nothing is undone yet. What comes back is told at once, each line as an error. @param said helm's own words */
  failed(said: string): Promise<string>;
}

/** What an observer has to say while helm is at work. */
export interface ObservedHelm {
  /** Aborted when waiting any longer is of no use, with a sentence that says why as its reason. */
  readonly hopeless: AbortSignal;
  /** Helm has ended. */
  ended(): void;
}

/** Why a roll-out failed, and what is left of it. */
interface Verdict {
  readonly reason: string | undefined;
  /** Helm's own words. */
  readonly said: string;
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
  const verdict = await proven(release, await upgrade(release, history, request), request);
  const after = verdict.history.at(-1);
  if (verdict.reason === undefined) {
    return { failed: false, message: `${release.title}: revision ${after?.number} is deployed.`, before, after, done };
  }
  await tellFindings(release, verdict, request);
  const reason = `${release.title}: ${verdict.reason}`;
  if (!verdict.isOurs) return { failed: true, message: reason, before, after, done };
  const { onFailure } = request;
  log.info(`${release.title}: revision ${after?.number} failed; input ${onFailure.input} is ${onFailure.value}.`);
  await rememberFailure(release, after);
  const rules = { ...request, deployer: request.labels };
  const end = await afterFailure(release, verdict.history, good, rules);
  const told = { message: `${reason} ${end.done}`, done: [...done, end.done] };
  return { failed: true, revision: after?.number, before, after: end.history.at(-1), ...told };
}

/** What helm calls deployed must be so for its observer, too, and pass its tests. */
async function proven(release: Release, upgraded: Verdict, request: DeployRequest): Promise<Verdict> {
  if (upgraded.reason !== undefined) return upgraded;
  const reason = await request.observer?.settled(release.signal);
  if (reason !== undefined) return { ...upgraded, reason };
  return request.runTests ? test(release, upgraded, request) : upgraded;
}

/** What the observer found, as errors of their own: each text is told once, the causes before what was done about them. */
async function tellFindings(release: Release, { said }: Verdict, { observer }: DeployRequest): Promise<void> {
  const found = (await observer?.failed(said)) ?? '';
  for (const line of filledLines(found)) release.tools.context.log.error(line);
}

async function upgrade(release: Release, history: readonly Revision[], request: DeployRequest): Promise<Verdict> {
  const number = history.at(-1)?.number ?? 0;
  const observed = await request.observer?.started(number + 1);
  try {
    const step = await release.run({
      action: 'upgrade',
      history,
      start: (records, signal) => {
        const labels = labelArguments(request.labels, isFirst(records));
        const named = { ...request, release: release.name.name, labels };
        return whileHopeful((ends) => release.tools.helm.upgrade(named, ends), signal, observed?.hopeless);
      },
      mend: async (records) => {
        await rememberFailed(release, records);
        return (await unstick(release, records, request)).history;
      },
    });
    return judge(release, step, history, request);
  } finally {
    observed?.ended();
  }
}

/** Ends helm, too, when its observer knows that it waits in vain: helm marks the revision as failed then. */
async function whileHopeful(
  start: (signal: AbortSignal) => Promise<HelmEnd>,
  signal: AbortSignal,
  hopeless: AbortSignal | undefined,
): Promise<HelmEnd> {
  if (hopeless === undefined) return start(signal);
  try {
    return await start(AbortSignal.any([signal, hopeless]));
  } catch (error) {
    signal.throwIfAborted();
    if (!hopeless.aborted) throw error;
    return { exitCode: null, signal: 'SIGTERM', said: messageOf(hopeless.reason) };
  }
}

/** @param before the records when the step began; helm may have been run several times since, and mended in between */
function judge(release: Release, step: Step, before: readonly Revision[], { labels }: DeployRequest): Verdict {
  const { end, history } = step;
  const { said } = end;
  const last = history.at(-1);
  const isIn = (records: readonly Revision[]): boolean => records.some(({ number }) => number === last?.number);
  const isNew = last !== undefined && !isIn(step.earlier);
  const isOurs = last !== undefined && !isIn(before) && last.labels.deployRun === labels.deployRun;
  const how = end.exitCode === 0 ? 'ended well' : howItEnded(end);
  if (isOurs && isNew && last.status === 'deployed') {
    if (end.exitCode !== 0) {
      release.tools.context.log.warning(`helm upgrade ${how}, but revision ${last.number} is deployed.`);
    }
    return { reason: undefined, said, history, isOurs };
  }
  if (isOurs && last.status !== 'deployed') {
    return { reason: `helm upgrade ${how}; revision ${last.number} is ${last.status}.`, said, history, isOurs };
  }
  const other = isNew
    ? `revision ${last.number} (${last.status}) was made by somebody else meanwhile, so nothing is undone`
    : 'no revision was made';
  return { reason: `helm upgrade ${how}; ${other}.`, said, history, isOurs: false };
}

async function test(release: Release, { history }: Verdict, { wait }: DeployRequest): Promise<Verdict> {
  const { end, history: now } = await release.run({
    history,
    start: (_history, signal) =>
      release.tools.helm.test({ release: release.name.name, timeoutSeconds: wait.timeoutSeconds }, signal),
  });
  const reason =
    end.exitCode === 0 ? undefined : `The tests of the release did not pass: helm test ${howItEnded(end)}.`;
  return { reason, said: end.said, history: now, isOurs: true };
}
