import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import { kindOf } from './check-kinds.ts';
import { type CheckConfiguration, type GivenCheck, mappingOf, typeOf } from './configurations.ts';
import type { PlayedEnvironment } from './played-environment.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { needs, notAllowed, sent, sentList, textIn, wrongMethod } from './rest-body.ts';

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
  { environments }: Organization,
  caller: Person,
  id: string,
): Promise<void> {
  const found = environments.check(Number(id));
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
  if (kindIn(body) !== check.kind || textIn(body, 'version') !== String(check.version)) {
    const text = `The check configuration ${id} has version ${check.version} and its type stays: the body names others.`;
    return exchange.json(400, trouble(text, 'InvalidCheckConfigurationException'));
  }
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
  if (kind === undefined) {
    return exchange.json(400, trouble('The check type is not valid.', 'InvalidCheckConfigurationException'));
  }
  const isOnce = kind === 'lock' || kind.toLowerCase().endsWith('approval');
  if (isOnce && environment.configurations.first(kind) !== undefined) {
    const text = `A check of type ${typeOf(kind).name} already exists on the resource ${environment.name}.`;
    return exchange.json(400, trouble(text, 'CheckConfigurationAlreadyExistsException'));
  }
  const made = environment.configurations.add(kind, givenIn(body), caller);
  await exchange.json(200, shown(made, environment, exchange, true));
}

function kindIn(body: unknown): CheckConfiguration['kind'] | undefined {
  const { type, settings } = mappingOf(body);
  return kindOf(textIn(type, 'id') ?? '', textIn(mappingOf(settings)['definitionRef'], 'id'));
}

function givenIn(body: unknown): GivenCheck {
  const { settings, timeout, isDisabled } = mappingOf(body);
  return {
    settings: mappingOf(settings),
    timeout: typeof timeout === 'number' ? timeout : undefined,
    isDisabled: isDisabled === true,
  };
}

function shownAll(environment: PlayedEnvironment, exchange: Exchange): Record<string, unknown>[] {
  return environment.configurations.all.map((check) => shown(check, environment, exchange));
}

/** Settings come where they are asked for, and in the answer to a new check. */
function shown(
  { id, kind, version, settings, timeout, isDisabled }: CheckConfiguration,
  environment: PlayedEnvironment,
  exchange: Exchange,
  withSettings = exchange.query.get('$expand') === 'settings',
): Record<string, unknown> {
  const resource = { type: 'environment', id: String(environment.id) };
  const own = { id, version, type: typeOf(kind), ...(timeout > 0 && { timeout }), resource };
  // Earlier versions of the API do not tell which checks are switched off.
  const isNew = exchange.query.get('api-version')?.startsWith('7.2') === true;
  const state = isNew ? { isDisabled } : {};
  return { ...own, ...state, ...(withSettings && { settings: kind === 'lock' ? null : settings }) };
}
