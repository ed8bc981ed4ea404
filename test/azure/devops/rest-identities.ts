import { contosoTenant } from '../identity/identities.ts';
import { collection } from '../hosts/dev-azure-locations.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Organization } from './organization.ts';
import { isGroup, type Person } from './people.ts';
import { wrongMethod } from './rest-body.ts';

/** People and groups by a search, or by their ids: one that is not known leaves its place empty. */
export async function answerIdentities(exchange: Exchange, { people }: Organization): Promise<void> {
  if (exchange.method !== 'GET') return wrongMethod(exchange);
  const ids = exchange.query.get('identityIds');
  if (ids !== null) {
    const found = ids.split(',').map((id) => people.find(id.trim()));
    return exchange.json(200, collection(found.map((each) => each && shown(each)).map((each) => each ?? null)));
  }
  const [filter = '', value = ''] = ['searchFilter', 'filterValue'].map((name) => exchange.query.get(name) ?? '');
  await exchange.json(200, collection(people.search(filter, value).map(shown)));
}

/** Whom the service takes the caller for. */
export async function answerConnectionData(exchange: Exchange, _: Organization, caller: Person): Promise<void> {
  if (exchange.method !== 'GET') return wrongMethod(exchange);
  const user = shown(caller);
  await exchange.json(200, { authenticatedUser: user, authorizedUser: user, deploymentType: 'hosted' });
}

function shown(somebody: Person): Record<string, unknown> {
  const { id, displayName, mail, account = mail, isInactive = false } = somebody;
  const isContainer = isGroup(somebody);
  return {
    id,
    descriptor: isContainer
      ? `Microsoft.TeamFoundation.Identity;S-1-9-1551374245-${id}`
      : `Microsoft.IdentityModel.Claims.ClaimsIdentity;${contosoTenant}\\${account}`,
    providerDisplayName: displayName,
    isActive: !isInactive,
    ...(isContainer && { isContainer }),
    properties: {
      SchemaClassName: text(isContainer ? 'Group' : 'User'),
      Account: text(isContainer ? displayName.replace(/^\[[^\]]*\]\\/, '') : account),
      ...(mail !== '' && { Mail: text(mail) }),
    },
  };
}

function text($value: string): Record<string, unknown> {
  return { $type: 'System.String', $value };
}
