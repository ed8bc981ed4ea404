import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import { mappingOf } from './configurations.ts';
import { environmentRoles, type PlayedEnvironment } from './environments.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { notAllowed, sent, sentList, textIn, wrongMethod } from './rest-body.ts';

/** Who has which role on an environment. An identity that the organisation does not know is left out of the answer. */
export async function answerRoles(
  exchange: Exchange,
  { environments, people }: Organization,
  caller: Person,
  id: string,
): Promise<void> {
  const environment = environments.byId(id);
  if (environment?.maySee(caller) !== true) return notAllowed(exchange);
  const assigned = [...environment.roles].map(([userId, name]) => shown(userId, name));
  if (exchange.method === 'GET') return exchange.json(200, collection(assigned));
  if (exchange.method !== 'PUT') return wrongMethod(exchange);
  if (!environment.mayManage(caller)) {
    const text =
      `Access denied. ${caller.displayName} needs the following permission(s) on the resource Environments/${id} to perform ` +
      'this action: Administer Permissions';
    return exchange.json(403, trouble(text, 'AccessDeniedException'));
  }
  const given = (await sentList(exchange)).flatMap((each) => {
    const somebody = people.find(textIn(each, 'userId') ?? '');
    const role = environmentRoles.find((name) => name === textIn(each, 'roleName'));
    if (somebody === undefined || role === undefined) return [];
    environment.roles.set(somebody.id, role);
    return [shown(somebody.id, role)];
  });
  await exchange.json(200, collection(given));
}

/** Which pipelines may use an environment. To let all use it takes more than a role on one environment. */
export async function answerPermissions(
  exchange: Exchange,
  { environments }: Organization,
  caller: Person,
  id: string,
): Promise<void> {
  const environment = environments.byId(id);
  if (environment?.maySee(caller) !== true) return notAllowed(exchange);
  if (exchange.method === 'GET') return exchange.json(200, permissionsOf(environment));
  if (exchange.method !== 'PATCH') return wrongMethod(exchange);
  const { pipelines, allPipelines } = mappingOf(await sent(exchange));
  if (!environment.mayManage(caller) || allPipelines !== undefined) {
    const text = "The resource doesn't exist or the user doesn't have admin permission for all resources of that type.";
    return exchange.json(403, trouble(text, 'AccessDeniedException'));
  }
  const list: unknown[] = Array.isArray(pipelines) ? pipelines : [];
  for (const each of list.map(mappingOf)) {
    if (each['authorized'] === true) environment.permittedPipelines.add(Number(each['id']));
    else environment.permittedPipelines.delete(Number(each['id']));
  }
  await exchange.json(200, permissionsOf(environment));
}

function permissionsOf({ id, permittedPipelines }: PlayedEnvironment): Record<string, unknown> {
  const pipelines = [...permittedPipelines].map((pipeline) => ({ id: pipeline, authorized: true }));
  return { resource: { type: 'environment', id: String(id) }, pipelines };
}

function shown(id: string, name: string): Record<string, unknown> {
  return { identity: { id }, role: { name }, access: 'assigned' };
}
