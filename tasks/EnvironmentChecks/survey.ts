import { DevOpsRefusal, type Values } from '../common/devops/rest.ts';
import { eachInParallel } from '../common/task/parallel.ts';
import type { FoundState, WantedEnvironment } from './drift.ts';
import { type Explain, Refusal } from './refusals.ts';
import type { EnvironmentService, FoundEnvironment } from './service.ts';

/** Requests under way at a time, where each environment takes one. */
const width = 8;

/** What there is of every wanted environment, by its name: one list, and one query for the checks of all. */
export async function statesOf(
  wanted: readonly WantedEnvironment[],
  service: EnvironmentService,
  explain: Explain,
): Promise<Map<string, FoundState>> {
  const all = await service.environments().catch(explain({ doing: 'list the environments of the project' }));
  const byName = new Map(all.map((each) => [each.name.toLowerCase(), each]));
  const pairs = wanted.map((each) => ({ each, environment: byName.get(each.name.toLowerCase()) }));
  const present = pairs.flatMap(({ environment }) => (environment === undefined ? [] : [environment]));
  const checks = await checksOf(present, service, explain);
  const states = await eachInParallel(pairs, width, async ({ each, environment }) => {
    const permissions = environment && (await permissionsOf(each, environment, service, explain));
    return [each.name, { environment, checks: checks.get(environment?.id ?? 0) ?? [], permissions }] as const;
  });
  return new Map(states);
}

/** The same of one environment, which is looked for by its name. */
export async function stateOf(
  wanted: WantedEnvironment,
  service: EnvironmentService,
  explain: Explain,
): Promise<FoundState> {
  const { name } = wanted;
  const environment = await service.named(name).catch(explain({ doing: `show the environment ${name}` }));
  if (environment === undefined) return { environment, checks: [], permissions: undefined };
  const checks = await checksOf([environment], service, explain);
  const permissions = await permissionsOf(wanted, environment, service, explain);
  return { environment, checks: checks.get(environment.id) ?? [], permissions };
}

function permissionsOf(
  { pipelines }: WantedEnvironment,
  environment: FoundEnvironment,
  service: EnvironmentService,
  explain: Explain,
): Promise<FoundState['permissions']> {
  if (pipelines === undefined) return Promise.resolve(undefined);
  const doing = `show which pipelines may use the environment ${environment.name}`;
  return service.permissions(environment).catch(explain({ doing, environment: environment.name, role: 'Reader' }));
}

/** One that may not be looked at makes the service refuse the query for all: then each is asked for, to find which. */
async function checksOf(
  environments: readonly FoundEnvironment[],
  service: EnvironmentService,
  explain: Explain,
): Promise<Map<number, Values[]>> {
  try {
    return await service.checks(environments);
  } catch (error) {
    if (!isForbidden(error)) return explain({ doing: 'show the checks of the environments' })(error);
  }
  const each = await eachInParallel(environments, width, async (environment) => {
    const { name } = environment;
    const asked = { doing: `show the checks of the environment ${name}`, environment: name, role: 'Reader' } as const;
    const checks = await service.checks([environment]).catch(async (error: unknown) => {
      if (isForbidden(error)) await checkThere(name, service);
      return explain(asked)(error);
    });
    return [...checks];
  });
  return new Map(each.flat());
}

const isForbidden = (error: unknown): boolean => error instanceof DevOpsRefusal && error.status === 403;

/** The service answers what is asked of a deleted environment as if a role were missing. @throws Refusal when it is gone */
export async function checkThere(name: string, service: EnvironmentService): Promise<void> {
  const isThere = await service.named(name).then(
    (found) => found !== undefined,
    () => true,
  );
  if (isThere) return;
  throw new Refusal(
    `The environment ${name} was deleted while this step was at work, or its role was taken away: run the step again.`,
    404,
  );
}
