import type { DevOpsRefusal } from '../common/devops/rest.ts';
import { TaskError } from '../common/task/outcome.ts';
import { asOutage, isOfAll } from './outage.ts';
import { type Failed, performAll, type Progress } from './perform.ts';
import type { Drift, FoundState, WantedEnvironment } from './drift.ts';
import { driftOf } from './plan.ts';
import type { Pruning } from './pruning.ts';
import type { Asked, Explain } from './refusals.ts';
import type { EnvironmentService, FoundEnvironment } from './service.ts';
import { checkThere, stateOf } from './survey.ts';
import { takeBackTwins } from './twins.ts';

/** What was done for one environment. */
export interface Applied {
  readonly environment: FoundEnvironment;
  /** What was different and no longer is. */
  readonly done: readonly Drift[];
  /** What still is. */
  readonly left: readonly Drift[];
}

/** What an environment was refused, after what had been done. */
export class RefusedWrite extends TaskError {
  constructor(
    refusal: TaskError,
    readonly done: readonly Drift[],
    /** What was not done. */
    readonly left: readonly Drift[],
    /** Whether the next environment would be refused alike. */
    readonly isOutage: boolean,
  ) {
    super(refusal.message);
  }
}

/** By whom and how it is written. */
export interface Writing {
  readonly service: EnvironmentService;
  readonly explain: Explain;
  readonly signal: AbortSignal;
}

/** How often an environment is looked at when answers are lost. */
const mostLooks = 4;
/** The same when somebody else is faster: another run may be so with every check. */
const mostRaces = 12;

/**
 * Makes an environment what it must be, by one write after the other. A write whose answer was lost or that somebody else was
 * faster with is not sent again as it was: the environment is looked at anew, and what it still lacks is done.
 * @throws RefusedWrite, after which nothing more was written
 */
export async function applyTo(
  wanted: WantedEnvironment,
  seen: FoundState,
  pruning: Pruning,
  writing: Writing,
): Promise<Applied> {
  const progress: Progress = { done: [], added: new Map(), drift: [] };
  try {
    const applied = await writeAll(wanted, seen, pruning, writing, progress);
    return await withoutTwins(applied, progress, writing);
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const { done, drift } = progress;
    const left = drift.filter((each) => !done.includes(each));
    throw new RefusedWrite(error, done, left, isOfAll(error));
  }
}

async function writeAll(
  wanted: WantedEnvironment,
  seen: FoundState,
  pruning: Pruning,
  { service, explain, signal }: Writing,
  progress: Progress,
): Promise<Applied> {
  const { done } = progress;
  let [state, refusedChanges] = [seen, 0];
  for (let look = 1; ; look += 1) {
    const drift = driftOf(wanted, state, pruning);
    progress.drift = drift;
    const { environment, failed } = await performAll(drift, state.environment, progress, service, signal).catch(
      asOutage,
    );
    if (failed === undefined) {
      if (environment === undefined) throw new Error(`The environment ${wanted.name} is not there.`);
      return { environment, done, left: drift.filter(({ step }) => step === undefined) };
    }
    const { refusal, first, write } = failed;
    const refuse = explain({ ...askedBy(first, wanted.name), writes: true });
    if (refusal.status === 400 && first.step?.kind === 'change') refusedChanges += 1;
    if (refusal.status === 403 && first.step?.kind !== 'create') await checkThere(wanted.name, service);
    // A change that the service refuses is sent once more, with the version that the check has then.
    if (look >= (isLost(refusal) ? mostLooks : mostRaces) || refusedChanges > 1 || !isWorthALook(failed))
      return refuse(refusal);
    state = await stateOf(wanted, service, explain).catch(asOutage);
    if (refusal.status === 409 && state.environment === undefined) return refuse(refusal);
    // What somebody else did is no work of this step.
    if (!isLost(refusal)) continue;
    const left = driftOf(wanted, state, pruning);
    done.push(...write.filter((each) => !left.some((other) => isSame(each, other))));
  }
}

/** Of two checks that were added at the same time one is taken back. */
async function withoutTwins(
  { environment, done, left }: Applied,
  { added }: Progress,
  { service, explain }: Writing,
): Promise<Applied> {
  const back = await takeBackTwins(added, environment, service, explain);
  return { environment, done: done.filter((each) => !back.includes(each)), left };
}

function askedBy({ what, step }: Drift, environment: string): Asked {
  if (step?.kind === 'create') return { doing: `make the environment ${environment}`, environment, creates: true };
  if (step?.kind === 'permit')
    return { doing: `change which pipelines may use the environment ${environment}`, environment };
  const verbs = { add: 'add', change: 'change', remove: 'remove', describe: 'change' };
  const verb = step === undefined ? 'see' : verbs[step.kind];
  return { doing: `${verb} ${what} of the environment ${environment}`, environment };
}

/** Whether the write may have been done all the same: its answer did not come, or cannot be read. */
const isLost = ({ status }: DevOpsRefusal): boolean => status === undefined || status >= 500 || status < 300;

function isWorthALook({ refusal, first: { step } }: Failed): boolean {
  const { status, message, typeKey } = refusal;
  if (isLost(refusal) || status === 409) return true;
  if (/already exists/i.test(message) || /exists/i.test(typeKey)) return true;
  return (
    status !== undefined &&
    ((step?.kind === 'change' && [400, 404].includes(status)) || (step?.kind === 'remove' && status === 404))
  );
}

const isSame = (one: Drift, other: Drift): boolean =>
  one.what === other.what && one.step?.kind === other.step?.kind && idOf(one) === idOf(other);

const idOf = ({ step }: Drift): number | undefined => (step !== undefined && 'id' in step ? step.id : undefined);
