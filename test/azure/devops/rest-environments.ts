import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import { mappingOf } from './configurations.ts';
import type { PlayedEnvironment } from './environments.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { needs, sent, textIn, wrongMethod } from './rest-body.ts';

/** The environments that the caller sees, and a new one, whose Administrator its creator is. */
export async function answerEnvironments(
  exchange: Exchange,
  organization: Organization,
  caller: Person,
): Promise<void> {
  const { environments, environmentCreators } = organization;
  if (exchange.method === 'GET') {
    const name = exchange.query.get('name')?.toLowerCase();
    const seen = environments.all.filter(
      (each) => each.maySee(caller) && (name ?? each.name.toLowerCase()) === each.name.toLowerCase(),
    );
    return exchange.json(200, collection(seen.map(shown)));
  }
  if (exchange.method !== 'POST') return wrongMethod(exchange);
  if (!environmentCreators.has(caller.id)) return needs(exchange, caller, 'Create');
  const body = await sent(exchange);
  const name = textIn(body, 'name') ?? '';
  if (name === '' || name.length > 127 || /[,"/\\[\]:|<>+=;?*]/.test(name)) {
    return exchange.json(400, trouble(`Environment name ${name} is not valid.`, 'InvalidEnvironmentNameException'));
  }
  if (environments.find(name) !== undefined) {
    return exchange.json(409, trouble(`Environment ${name} already exists.`, 'EnvironmentExistsException'));
  }
  const made = environments.add(name);
  made.description = textIn(body, 'description') ?? '';
  made.roles.set(caller.id, 'Administrator');
  await exchange.json(200, shown(made));
}

/** One environment, or what was deployed to it. @param path the id, with the name of the list where that is asked for */
export async function answerEnvironment(
  exchange: Exchange,
  { environments }: Organization,
  caller: Person,
  path: string,
): Promise<void> {
  const [id = '', records] = path.split('/');
  const environment = environments.byId(id);
  if (environment?.maySee(caller) !== true) {
    const text = `Environment with ID ${id} does not exist or you do not have permission to view it.`;
    return exchange.json(404, trouble(text, 'EnvironmentNotFoundException'));
  }
  if (exchange.method === 'GET') {
    return exchange.json(200, records === undefined ? shown(environment) : collection(deploymentsOf(environment)));
  }
  if (exchange.method !== 'PATCH' || records !== undefined) return wrongMethod(exchange);
  if (!environment.mayManage(caller)) return needs(exchange, caller, 'Manage');
  const { name = environment.name, description = environment.description } = mappingOf(await sent(exchange));
  Object.assign(environment, { name, description });
  await exchange.json(200, shown(environment));
}

/** People by their mail address, account or name. */
export async function answerIdentities(exchange: Exchange, { people }: Organization): Promise<void> {
  if (exchange.method !== 'GET') return wrongMethod(exchange);
  const [filter = '', value = ''] = ['searchFilter', 'filterValue'].map((name) => exchange.query.get(name) ?? '');
  const found = people.search(filter, value).map(({ id, displayName, mail }) => ({
    id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${mail}`,
    providerDisplayName: displayName,
    isActive: true,
    properties: { Mail: { $type: 'System.String', $value: mail }, Account: { $type: 'System.String', $value: mail } },
  }));
  await exchange.json(200, collection(found));
}

function shown({ id, name, description }: PlayedEnvironment): Record<string, unknown> {
  return { id, name, description };
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
