import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import { isApproval, mappingOf } from './check-form.ts';
import { faultOf } from './check-rules.ts';
import { typeOf } from './configurations.ts';
import { faultOfChange, givenIn, kindIn, minimumFault } from './given-check.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { needs, notAllowed, sent, sentList, textIn, wrongMethod } from './rest-body.ts';
import { shown, shownAll } from './shown-check.ts';

/** The checks of an environment, and a new one. */
export async function answerConfigurations(
  exchange: Exchange,
  organization: Organization,
  caller: Person,
): Promise<void> {
  if (exchange.method === 'POST') return create(exchange, organization, caller);
  if (exchange.method !== 'GET') return wrongMethod(exchange);
  const environment = organization.environments.byId(exchange.query.get('resourceId') ?? '');
  if (environment?.maySee(caller) !== true) return notAllowed(exchange);
  return exchange.json(200, collection(shownAll(environment, exchange)));
}

/** The checks of many environments in one call. */
export async function answerQuery(exchange: Exchange, { environments }: Organization, caller: Person): Promise<void> {
  if (exchange.method !== 'POST') return wrongMethod(exchange);
  const asked = (await sentList(exchange)).map((each) => environments.byId(textIn(each, 'id') ?? ''));
  const visible = asked.filter((each) => each?.maySee(caller) === true);
  if (visible.length < asked.length) return notAllowed(exchange);
  await exchange.json(200, collection(visible.flatMap((each) => (each === undefined ? [] : shownAll(each, exchange)))));
}

/** One check: read, changed or taken away. */
export async function answerCheck(
  exchange: Exchange,
  organization: Organization,
  caller: Person,
  id: string,
): Promise<void> {
  const found = organization.environments.check(Number(id));
  if (found === undefined) {
    return exchange.json(
      404,
      trouble(`Check configuration with id ${id} was not found.`, 'CheckConfigurationNotFoundException'),
    );
  }
  const { environment, check } = found;
  if (!environment.maySee(caller)) return notAllowed(exchange);
  if (exchange.method === 'GET') return exchange.json(200, shown(check, environment, exchange));
  if (!environment.mayManage(caller)) return needs(exchange, caller, 'Manage');
  if (exchange.method === 'DELETE') {
    environment.configurations.remove(check);
    return exchange.send(204, {});
  }
  if (exchange.method !== 'PATCH') return wrongMethod(exchange);
  const body = await sent(exchange);
  const fault = faultOfChange(body, check, environment) ?? minimumFault(body, check.kind, organization);
  if (fault !== undefined) return invalid(exchange, fault);
  environment.configurations.change(check, givenIn(body), caller);
  await exchange.json(200, shown(check, environment, exchange));
}

async function create(exchange: Exchange, { environments }: Organization, caller: Person): Promise<void> {
  const body = await sent(exchange);
  const resource = mappingOf(body)['resource'];
  const environment = environments.byId(textIn(resource, 'id') ?? '');
  if (environment?.maySee(caller) !== true) return notAllowed(exchange);
  if (!environment.mayManage(caller)) return needs(exchange, caller, 'Manage');
  const kind = kindIn(body);
  if (kind === undefined) return invalid(exchange, 'The check type is not valid.');
  const fault = faultOf(kind, givenIn(body));
  if (fault !== undefined) return invalid(exchange, fault);
  const isOnce = kind === 'lock' || isApproval(kind);
  if (isOnce && environment.configurations.first(kind) !== undefined) {
    const text = `A check of type ${typeOf(kind).name} already exists on the resource ${environment.name}.`;
    return exchange.json(400, trouble(text, 'CheckConfigurationAlreadyExistsException'));
  }
  const made = environment.configurations.add(kind, givenIn(body), caller);
  await exchange.json(200, shown(made, environment, exchange, true));
}

function invalid(exchange: Exchange, text: string): Promise<void> {
  return exchange.json(400, trouble(text, 'InvalidCheckConfigurationException'));
}
