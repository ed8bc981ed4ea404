import { DevOpsRefusal, type Values } from '../common/devops/rest.ts';
import { keyOf } from './kinds.ts';
import { differingFields, normalForm } from './normal-form.ts';
import type { Drift } from './drift.ts';
import type { Explain } from './refusals.ts';
import type { EnvironmentService, FoundEnvironment } from './service.ts';

/** Checks that this step added, by the ids that the service gave them. */
export type Added = ReadonlyMap<Drift, number>;

/**
 * Takes back what somebody else added at the same time, such as a second run of the pipeline: of most kinds the service keeps
 * both. The older one stays, so that two who do this never leave an environment without.
 * @returns what was taken back
 * @throws Refusal
 */
export async function takeBackTwins(
  added: Added,
  environment: FoundEnvironment,
  service: EnvironmentService,
  explain: Explain,
): Promise<Drift[]> {
  if (added.size === 0) return [];
  const { id: environmentId, name } = environment;
  const look = `look whether somebody else has added checks to the environment ${name}, too`;
  const found = await service.checks([environment]).catch(explain({ doing: look, environment: name }));
  const checks = found.get(environmentId) ?? [];
  const doing = `take back a check of the environment ${name} that somebody else has added, too`;
  const refused = explain({ doing, environment: name, writes: true });
  const back: Drift[] = [];
  for (const [drift, id] of added) {
    const older = checks.filter((check) => Number(check['id']) < id);
    if (!older.some((check) => isLike(drift, check))) continue;
    await service.removeCheck(id).catch((error: unknown) => {
      if (!(error instanceof DevOpsRefusal && error.status === 404)) refused(error);
    });
    back.push(drift);
  }
  return back;
}

function isLike({ step, wanted }: Drift, check: Values): boolean {
  if (step?.kind !== 'add' || step.key !== keyOf(check)) return false;
  return typeof wanted !== 'string' && differingFields(wanted, normalForm(step.key, check)).length === 0;
}
