import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { projectName } from './project-name.ts';
import type { PlayedEnvironment } from './played-environment.ts';
import { needs, sent, textIn, wrongMethod } from './rest-body.ts';
import { stamped } from './stamp.ts';

/** How many environments a page has where nobody says; the service's own number is not documented. */
const defaultPage = 50;

/** The environments that the caller sees, and a new one, whose Administrator its creator is. */
export async function answerEnvironments(
  exchange: Exchange,
  organization: Organization,
  caller: Person,
): Promise<void> {
  const { environments } = organization;
  if (exchange.method === 'GET') return list(exchange, organization, caller);
  if (exchange.method !== 'POST') return wrongMethod(exchange);
  if (!organization.mayCreateEnvironments(caller)) return needs(exchange, caller, 'Create');
  const body = await sent(exchange);
  const name = textIn(body, 'name') ?? '';
  if (!isValidName(name)) return invalidName(exchange, name);
  if (environments.find(name) !== undefined) return taken(exchange, name);
  const made = environments.add(name, {}, caller);
  made.description = textIn(body, 'description') ?? '';
  made.isRestricted = true;
  made.roles.set(caller.id, 'Administrator');
  await exchange.json(200, shown(made, organization));
}

/** A page, which begins after the environment that the token of the page before names. */
async function list(exchange: Exchange, organization: Organization, caller: Person): Promise<void> {
  const { query } = exchange;
  const name = query.get('name')?.toLowerCase();
  const after = Number(query.get('continuationToken') ?? 0);
  const seen = organization.environments.all.filter(
    (each) => each.id > after && each.maySee(caller) && (name ?? each.name.toLowerCase()) === each.name.toLowerCase(),
  );
  const page = seen.slice(0, Number(query.get('$top') ?? defaultPage));
  const last = page.at(-1);
  const headers = seen.length > page.length && last !== undefined ? { 'x-ms-continuationtoken': String(last.id) } : {};
  await exchange.json(200, collection(page.map((each) => shown(each, organization))), headers);
}

/** One environment, or what was deployed to it. @param path the id, with the name of the list where that is asked for */
export async function answerEnvironment(
  exchange: Exchange,
  organization: Organization,
  caller: Person,
  path: string,
): Promise<void> {
  const [id = '', records] = path.split('/');
  const environment = organization.environments.byId(id);
  if (environment?.maySee(caller) !== true) {
    const text = `Environment with ID ${id} does not exist or you do not have permission to view it.`;
    return exchange.json(404, trouble(text, 'EnvironmentNotFoundException'));
  }
  if (exchange.method === 'GET') {
    const what = records === undefined ? shown(environment, organization) : collection(deploymentsOf(environment));
    return exchange.json(200, what);
  }
  if (exchange.method !== 'PATCH' || records !== undefined) return wrongMethod(exchange);
  if (!environment.mayManage(caller)) return needs(exchange, caller, 'Manage');
  const body = await sent(exchange);
  const { name = environment.name, description = environment.description } = {
    name: textIn(body, 'name'),
    description: textIn(body, 'description'),
  };
  if (!isValidName(name)) return invalidName(exchange, name);
  const other = organization.environments.find(name);
  if (other !== undefined && other !== environment) return taken(exchange, name);
  Object.assign(environment, { name, description, modified: organization.stamp(caller) });
  await exchange.json(200, shown(environment, organization));
}

function isValidName(name: string): boolean {
  return name !== '' && name.length <= 127 && !/[,"/\\[\]:|<>+=;?*]/.test(name);
}

function invalidName(exchange: Exchange, name: string): Promise<void> {
  return exchange.json(400, trouble(`Environment name ${name} is not valid.`, 'InvalidEnvironmentNameException'));
}

function taken(exchange: Exchange, name: string): Promise<void> {
  return exchange.json(409, trouble(`Environment ${name} already exists.`, 'EnvironmentExistsException'));
}

function shown({ id, name, description, created, modified }: PlayedEnvironment, organization: Organization): unknown {
  const project = { id: organization.projectId, name: projectName };
  return { id, name, description, ...stamped('created', created), ...stamped('lastModified', modified), project };
}

/** The newest first. */
function deploymentsOf({ id, deployments }: PlayedEnvironment): Record<string, unknown>[] {
  return deployments.toReversed().map(({ run, stage, job, result }, index) => ({
    id: deployments.length - index,
    environmentId: id,
    owner: { id: run.id, name: run.number },
    stageName: stage,
    jobName: job,
    stageAttempt: 1,
    result: result.toLowerCase(),
  }));
}
