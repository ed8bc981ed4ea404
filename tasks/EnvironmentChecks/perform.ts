import { setTimeout as pause } from 'node:timers/promises';
import { DevOpsRefusal } from '../common/devops/rest.ts';
import type { Drift } from './drift.ts';
import { Refusal } from './refusals.ts';
import type { EnvironmentService, FoundEnvironment } from './service.ts';

/** A write that was refused, or whose answer was lost. */
export interface Failed {
  readonly refusal: DevOpsRefusal;
  readonly first: Drift;
  /** All that it was to take away, the first too. */
  readonly write: readonly Drift[];
}

/** What a step did to an environment. */
export interface Progress {
  readonly done: Drift[];
  /** Checks that were added, by the ids that the service gave them. */
  readonly added: Map<Drift, number>;
  /** What there was to do when the environment was looked at last. */
  drift: readonly Drift[];
}

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

/**
 * Makes one write after the other, up to the first that is refused. @param progress gets what went well
 * @returns the environment, which may be new
 */
export async function performAll(
  drift: readonly Drift[],
  found: FoundEnvironment | undefined,
  { done, added }: Progress,
  service: EnvironmentService,
  signal: AbortSignal,
): Promise<{ environment: FoundEnvironment | undefined; failed?: Failed }> {
  let environment = found;
  for (const write of writesOf(drift)) {
    const [first] = write;
    if (first === undefined) continue;
    try {
      environment = await perform(write, first, environment, added, service, signal);
    } catch (refusal) {
      signal.throwIfAborted();
      if (!(refusal instanceof DevOpsRefusal)) throw refusal;
      return { environment, failed: { refusal, first, write } };
    }
    for (const each of write) done.push(each);
  }
  return { environment };
}

/** @returns the environment, which may be new */
async function perform(
  write: readonly Drift[],
  first: Drift,
  environment: FoundEnvironment | undefined,
  added: Map<Drift, number>,
  service: EnvironmentService,
  signal: AbortSignal,
): Promise<FoundEnvironment> {
  const { step } = first;
  if (step?.kind === 'create') return service.create(step.name, step.description);
  if (step === undefined || environment === undefined)
    throw new Error('A step wants an environment that is not there.');
  if (step.kind === 'add') added.set(first, await service.addCheck(environment, step.body));
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
    if (tried === permissionTries) {
      throw new Refusal(
        `Azure DevOps took the permissions of the pipelines ${ids} on the environment ${environment.name}, but does not show them: ` +
          'run the step again.',
        200,
      );
    }
    await pause(permissionPauseMs, undefined, { signal });
  }
}
