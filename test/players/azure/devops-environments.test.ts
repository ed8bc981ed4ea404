import assert from 'node:assert/strict';
import { person, type Organization } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { devOpsClient, listed, refusal } from './devops-client.ts';
import { fieldsOf } from './loopback-client.ts';

describe('Environments of the played Azure DevOps', () => {
  let azure: Azure;
  let organization: Organization;
  let ask: ReturnType<typeof devOpsClient>;
  beforeEach(async () => {
    azure = await startAzure();
    organization = azure.organization;
    organization.environmentCreators.add(organization.buildService.id);
    ask = devOpsClient(azure);
  });
  afterEach(() => azure.close());

  /** The names on each page. */
  async function pages(query: string): Promise<string[][]> {
    const found: string[][] = [];
    let token: string | undefined;
    do {
      const from = token === undefined ? '' : `&continuationToken=${token}`;
      const answer = await ask('GET', `pipelines/environments?${query}${from}`);
      const { value } = fieldsOf(answer) as { value: { name: string }[] };
      found.push(value.map(({ name }) => name));
      token = [answer.headers['x-ms-continuationtoken']].flat()[0];
    } while (token !== undefined);
    return found;
  }

  it('come in pages of what was asked for, without those that the caller does not see', async () => {
    for (const name of ['dev', 'qa', 'hidden', 'staging', 'production']) organization.environments.add(name);
    Object.assign(organization.environments.find('hidden') ?? {}, { isVisible: false });
    assert.deepEqual(await pages('$top=2'), [
      ['dev', 'qa'],
      ['staging', 'production'],
    ]);
    assert.deepEqual(await pages('name=QA'), [['qa']]);
    for (let count = 0; count < 60; count += 1) organization.environments.add(`more-${count}`);
    const sizes = (await pages('')).map((page) => page.length);
    assert.deepEqual(sizes, [50, 14]);
  });

  it('tell who made them and who changed them', async () => {
    const { buildService, owner, environments, projectId } = organization;
    const made = fieldsOf(await ask('POST', 'pipelines/environments', { name: 'qa', description: 'first' }));
    assert.deepEqual(made['createdBy'], {
      id: buildService.id,
      displayName: buildService.displayName,
      uniqueName: buildService.mail,
      descriptor: `aad.${Buffer.from(buildService.id).toString('base64url')}`,
    });
    assert.deepEqual(made['project'], { id: projectId, name: 'delivery' });
    const theirs = environments.add('production');
    theirs.roles.set(buildService.id, 'Administrator');
    organization.passMinutes(5);
    await ask('PATCH', `pipelines/environments/${theirs.id}`, { description: 'second' });
    const told = fieldsOf(await ask('GET', `/delivery/_apis/pipelines/environments/${theirs.id}`));
    const [by, last] = [told['createdBy'], told['lastModifiedBy']] as { id: string }[];
    assert.deepEqual([by?.id, last?.id, told['description']], [owner.id, buildService.id, 'second']);
    assert.deepEqual(
      [told['createdOn'], told['lastModifiedOn']],
      ['2026-01-05T08:00:00.000Z', '2026-01-05T08:05:00.000Z'],
    );
  });

  it('have one name each, whatever its case', async () => {
    assert.equal((await ask('POST', 'pipelines/environments', { name: 'qa' })).status, 200);
    const again = await ask('POST', 'pipelines/environments', { name: 'QA' });
    assert.deepEqual([again.status, fieldsOf(again)['typeKey']], [409, 'EnvironmentExistsException']);
    const other = fieldsOf(await ask('POST', 'pipelines/environments', { name: 'other' }));
    const path = `pipelines/environments/${String(other['id'])}`;
    assert.equal((await ask('PATCH', path, { name: 'qa' })).status, 409);
    assert.equal((await ask('PATCH', path, { name: 'a/b' })).status, 400);
    assert.equal((await ask('PATCH', path, { name: 'Other' })).status, 200);
  });

  it('are made by creators alone', async () => {
    organization.environmentCreators.clear();
    assert.deepEqual(await refusal(ask('POST', 'pipelines/environments', { name: 'qa' })), [
      403,
      'Access denied: delivery Build Service (contoso) needs Create permissions to perform the action.',
    ]);
    assert.equal(organization.environments.find('qa'), undefined);
  });

  it('are gone once they are deleted, with their checks, and their ids are not given again', async () => {
    const { environments } = organization;
    const deleted = environments.add('qa', { approval: { approvers: [person('Kim Contoso')] } });
    const [check] = deleted.configurations.all;
    environments.remove(deleted);
    assert.equal((await ask('GET', `pipelines/environments/${deleted.id}`)).status, 404);
    const resource = `resourceType=environment&resourceId=${deleted.id}`;
    const query = [{ type: 'environment', id: String(deleted.id), name: 'qa' }];
    for (const answer of [
      ask('GET', `pipelines/checks/configurations?${resource}`),
      ask('POST', 'pipelines/checks/queryconfigurations', query),
    ]) {
      const [status, message] = await refusal(answer);
      assert.equal(status, 403);
      assert.match(message, /does not have required permissions to view assignment on the resource/);
    }
    assert.equal((await ask('GET', `pipelines/checks/configurations/${check?.id}`)).status, 404);
    assert.notEqual(environments.add('qa').id, deleted.id);
  });

  it('have their checks told in one call for two hundred of them', async () => {
    const all = Array.from({ length: 200 }, (_, index) =>
      organization.environments.add(`env-${index}`, { exclusiveLock: true }),
    );
    const body = all.map(({ id, name }) => ({ type: 'environment', id: String(id), name }));
    const found = await listed(ask('POST', 'pipelines/checks/queryconfigurations?$expand=settings', body));
    const resources = found.map(({ resource }) => (resource as { id: string }).id);
    assert.deepEqual(
      resources,
      all.map(({ id }) => String(id)),
    );
  });
});
