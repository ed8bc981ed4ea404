import { collection } from '../hosts/dev-azure-locations.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { projectName } from './project-name.ts';
import { wrongMethod } from './rest-body.ts';
import { matches } from './wildcard.ts';

/** The pipelines of the project: all, those of a name in whatever folder, or those of some ids. */
export async function answerDefinitions(
  exchange: Exchange,
  organization: Organization,
  _caller: Person,
): Promise<void> {
  const { pipelines, projectId } = organization;
  if (exchange.method !== 'GET') return wrongMethod(exchange);
  const { query } = exchange;
  const [name, path] = [query.get('name'), query.get('path')];
  const ids = query.get('definitionIds')?.split(',').map(Number);
  const found = pipelines.all.filter(
    (each) =>
      (name === null || matches(name, each.name)) &&
      (path === null || path.toLowerCase() === each.path.toLowerCase()) &&
      ids?.includes(each.id) !== false,
  );
  const project = { id: projectId, name: projectName };
  const shown = found.map((each) => ({ ...each, type: 'build', queueStatus: 'enabled', revision: 1, project }));
  await exchange.json(200, collection(shown));
}
