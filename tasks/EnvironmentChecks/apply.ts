import { setTimeout as pause } from 'node:timers/promises';
import { DevOpsRefusal } from '../common/devops/rest.ts';
import { TaskError } from '../common/task/outcome.ts';
import { type Drift, driftOf, type FoundState, type Pruning, type WantedEnvironment } from './plan.ts';
import type { Asked, Explain } from './refusals.ts';
import type { EnvironmentService, FoundEnvironment } from './service.ts';
import { stateOf } from './survey.ts';

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

/** How often an environment is looked at, since an answer was lost or somebody else wrote to it. */
const mostLooks = 4;

/**
 * Makes an environment what it must be, by one write after the other. A write whose answer was lost or that somebody else was
 * faster with is not sent again as it was: the environment is looked at anew, and what it still lacks is done.
 * @throws RefusedWrite, after which nothing more was written; TaskError where the environment cannot be looked at
 */
export async function applyTo(
  wanted: WantedEnvironment,
  seen: FoundState,
  pruning: Pruning,
  { service, explain, signal }: Writing,
): Promise<Applied> {
  const done: Drift[] = [];
  let [state, refusedChanges] = [seen, 0];
  for (let look = 1; ; look += 1) {
    const drift = driftOf(wanted, state, pruning);
    const { environment, failed } = await performAll(writesOf(drift), state.environment, done, service, signal);
    if (failed === undefined) {
      if (environment === undefined) throw new Error(`The environment ${wanted.name} is not there.`);
      return { environment, done, left: drift.filter(({ step }) => step === undefined) };
    }
    const { refusal, drift: current } = failed;
    if (refusal.status === 400) refusedChanges += 1;
    // A change that the service refuses is sent once more, with the version that the check has then.
    if (look === mostLooks || refusedChanges > 1 || !isWorthALook(failed)) refuse(failed, wanted.name, done, explain);
    state = await stateOf(wanted, service, explain);
    const isStillThere = driftOf(wanted, state, pruning).some((each) => isSame(each, current));
    if (!isStillThere) done.push(current);
  }
}

function refuse({ refusal, drift }: Failed, environment: string, done: readonly Drift[], explain: Explain): never {
  try {
    return explain(askedBy(drift, environment))(refusal);
  } catch (error) {
    throw error instanceof TaskError ? new RefusedWrite(error, done) : error;
  }
}

function askedBy({ what, step }: Drift, environment: string): Asked {
  if (step?.kind === 'create') return { doing: `make the environment ${environment}`, creates: true };
  if (step?.kind === 'permit')
    return { doing: `change which pipelines may use the environment ${environment}`, environment };
  const verbs = { add: 'add', change: 'change', remove: 'remove', describe: 'change' };
  const verb = step === undefined ? 'see' : verbs[step.kind];
  return { doing: `${verb} ${what} of the environment ${environment}`, environment };
}

interface Failed {
  readonly refusal: DevOpsRefusal;
  readonly drift: Drift;
}

function isWorthALook({ refusal: { status, message, typeKey }, drift: { step } }: Failed): boolean {
  if (status === undefined || status >= 500 || status === 409) return true;
  if (/already exists/i.test(message) || /exists/i.test(typeKey)) return true;
  return (step?.kind === 'change' && [400, 404].includes(status)) || (step?.kind === 'remove' && status === 404);
}

const isSame = (one: Drift, other: Drift): boolean =>
  one.what === other.what && one.step?.kind === other.step?.kind && idOf(one) === idOf(other);

const idOf = ({ step }: Drift): number | undefined => (step !== undefined && 'id' in step ? step.id : undefined);

/** The steps that are one write: permissions of all pipelines go together. */
function writesOf(drift: readonly Drift[]): Drift[][] {
  const writes: Drift[][] = [];
  for (const each of drift) {
    if (each.step === undefined) continue;
    const last = writes.at(-1);
    if (each.step.kind === 'permit' && last?.[0]?.step?.kind === 'permit') last.push(each);
    else writes.push([each]);
  }
  return writes;
}

/** @param done gets what went well */
async function performAll(
  writes: readonly (readonly Drift[])[],
  found: FoundEnvironment | undefined,
  done: Drift[],
  service: EnvironmentService,
  signal: AbortSignal,
): Promise<{ environment: FoundEnvironment | undefined; failed?: Failed }> {
  let environment = found;
  for (const write of writes) {
    const [drift] = write;
    if (drift === undefined) continue;
    try {
      environment = await perform(write, drift, environment, service, signal);
    } catch (refusal) {
      signal.throwIfAborted();
      if (!(refusal instanceof DevOpsRefusal)) throw refusal;
      return { environment, failed: { refusal, drift } };
    }
    done.push(...write);
  }
  return { environment };
}

/** @returns the environment, which may be new */
async function perform(
  write: readonly Drift[],
  { step }: Drift,
  environment: FoundEnvironment | undefined,
  service: EnvironmentService,
  signal: AbortSignal,
): Promise<FoundEnvironment> {
  if (step?.kind === 'create') return service.create(step.name, step.description);
  if (step === undefined || environment === undefined)
    throw new Error('A step wants an environment that is not there.');
  if (step.kind === 'add') await service.addCheck(environment, step.body);
  if (step.kind === 'change') await service.changeCheck(environment, step.body);
  if (step.kind === 'remove') await service.removeCheck(step.id);
  if (step.kind === 'describe') await service.describe(environment, step.description);
  if (step.kind === 'permit') await permit(environment, permissionsIn(write), service, signal);
  return environment;
}

function permissionsIn(write: readonly Drift[]): Map<number, boolean> {
  return new Map(write.flatMap(({ step }) => (step?.kind === 'permit' ? [[step.id, step.isPermitted] as const] : [])));
}

const permissionTries = 3;
const permissionPauseMs = 5000;

/** A permission that was written may not be seen for a while, and may get lost (terraform-provider-azuredevops#875). */
async function permit(
  environment: FoundEnvironment,
  permissions: ReadonlyMap<number, boolean>,
  service: EnvironmentService,
  signal: AbortSignal,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    await service.permit(environment, permissions);
    const { pipelines } = await service.permissions(environment);
    const missing = [...permissions].filter(([id, isPermitted]) => pipelines.has(id) !== isPermitted);
    if (missing.length === 0) return;
    const ids = missing.map(([id]) => id).join(', ');
    if (tried === permissionTries)
      throw new DevOpsRefusal(200, `the permissions of the pipelines ${ids} did not come to stay`);
    await pause(permissionPauseMs, undefined, { signal });
  }
}
