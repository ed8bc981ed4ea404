import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import { mappingOf } from './check-form.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import type { PlayedEnvironment } from './played-environment.ts';
import { notAllowed, sent, wrongMethod } from './rest-body.ts';
import { type Stamp, stamped } from './stamp.ts';

/**
 * Which pipelines may use an environment. To let all use it takes the role Administrator on every environment. Who permitted a
 * pipeline stays who did it first.
 */
export async function answerPermissions(
  exchange: Exchange,
  organization: Organization,
  caller: Person,
  id: string,
): Promise<void> {
  const { environments } = organization;
  const environment = environments.byId(id);
  if (environment?.maySee(caller) !== true) return notAllowed(exchange);
  if (exchange.method === 'GET') return exchange.json(200, permissionsOf(environment));
  if (exchange.method !== 'PATCH') return wrongMethod(exchange);
  const body = await sent(exchange);
  const administered = mappingOf(body)['allPipelines'] === undefined ? [environment] : environments.all;
  if (!administered.every((each) => each.mayManage(caller))) {
    const text = "The resource doesn't exist or the user doesn't have admin permission for all resources of that type.";
    return exchange.json(403, trouble(text, 'AccessDeniedException'));
  }
  const before = { permitted: [...environment.permittedPipelines], openToAll: environment.openToAll };
  permit(environment, body, organization.stamp(caller));
  const told = permissionsOf(environment);
  if (organization.permissionsToLose > 0) {
    organization.permissionsToLose -= 1;
    environment.permittedPipelines = new Map(before.permitted);
    environment.openToAll = before.openToAll;
  }
  await exchange.json(200, told);
}

/** What a body leaves out stays. */
function permit(environment: PlayedEnvironment, body: unknown, now: Stamp): void {
  const { pipelines, allPipelines } = mappingOf(body);
  if (allPipelines !== undefined) {
    environment.openToAll = mappingOf(allPipelines)['authorized'] === true ? now : undefined;
  }
  const list: unknown[] = Array.isArray(pipelines) ? pipelines : [];
  const { permittedPipelines } = environment;
  for (const each of list.map(mappingOf)) {
    const pipeline = Number(each['id']);
    if (each['authorized'] !== true) permittedPipelines.delete(pipeline);
    else if (!permittedPipelines.has(pipeline)) permittedPipelines.set(pipeline, now);
  }
}

function permissionsOf({ id, permittedPipelines, openToAll }: PlayedEnvironment): Record<string, unknown> {
  const pipelines = [...permittedPipelines].map(([pipeline, stamp]) => ({ id: pipeline, ...authorized(stamp) }));
  const all = openToAll === undefined ? {} : { allPipelines: authorized(openToAll) };
  return { resource: { type: 'environment', id: String(id) }, ...all, pipelines };
}

function authorized(stamp: Stamp): Record<string, unknown> {
  return { authorized: true, ...stamped('authorized', stamp) };
}
