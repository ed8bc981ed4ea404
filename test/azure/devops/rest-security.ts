import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { environmentRoles } from './played-environment.ts';
import { notAllowed, sentList, textIn, wrongMethod } from './rest-body.ts';

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

function shown(id: string, name: string): Record<string, unknown> {
  return { identity: { id }, role: { name }, access: 'assigned' };
}
