import assert from 'node:assert/strict';
import { person, type Organization, type PlayedEnvironment } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { devOpsClient, listed, principalOf, refusal } from './devops-client.ts';
import { fieldsOf } from './loopback-client.ts';

describe('Pipelines of the played Azure DevOps, and what they may use', () => {
  let azure: Azure;
  let organization: Organization;
  let production: PlayedEnvironment;
  let ask: ReturnType<typeof devOpsClient>;
  beforeEach(async () => {
    azure = await startAzure();
    organization = azure.organization;
    production = organization.environments.add('production');
    production.roles.set(organization.buildService.id, 'Administrator');
    ask = devOpsClient(azure);
  });
  afterEach(() => azure.close());

  const path = (): string => `pipelines/pipelinepermissions/environment/${production.id}`;

  it('are told by their name in every folder, by a pattern, and by their ids', async () => {
    const { pipelines } = organization;
    const [first, second] = [pipelines.add('orders-cd'), pipelines.add('Orders-CD', '\\team')];
    const queued = { branch: 'refs/heads/main', commit: 'c', reason: 'Manual', requestedFor: 'Robin' };
    organization.queue({ pipeline: 'orders-ci', ...queued });
    const found = async (query: string): Promise<unknown[]> =>
      (await listed(ask('GET', `build/definitions?${query}&api-version=7.1`))).map((each) => [
        each['id'],
        each['path'],
      ]);
    assert.deepEqual(await found('name=ORDERS-cd'), [
      [first.id, '\\'],
      [second.id, '\\team'],
    ]);
    assert.deepEqual(await found('name=orders'), []);
    assert.equal((await found('name=orders-*')).length, 3);
    assert.deepEqual(await found(`definitionIds=${second.id},99`), [[second.id, '\\team']]);
    const [run] = await listed(ask('GET', 'build/definitions?name=orders-ci'));
    const { pipelineId } = organization.consumedRun(organization.queue({ pipeline: 'Orders-CI', ...queued }).id);
    assert.equal(pipelineId, run?.['id']);
  });

  it('are permitted one by one, with who permitted them and when', async () => {
    const { member, token } = principalOf(azure, person('delivery-deployer'));
    production.roles.set(member.id, 'Administrator');
    await ask('PATCH', path(), { pipelines: [{ id: 12, authorized: true }] });
    organization.passMinutes(10);
    const both = [12, 13].map((id) => ({ id, authorized: true }));
    await devOpsClient(azure, token)('PATCH', path(), { pipelines: both });
    const { pipelines, resource } = fieldsOf(await ask('GET', path()));
    assert.deepEqual(resource, { type: 'environment', id: String(production.id) });
    assert.deepEqual(
      (pipelines as Record<string, unknown>[]).map(({ id, authorizedBy, authorizedOn }) => [
        id,
        (authorizedBy as { id: string }).id,
        authorizedOn,
      ]),
      [
        [12, organization.buildService.id, '2026-01-05T08:00:00.000Z'],
        [13, member.id, '2026-01-05T08:10:00.000Z'],
      ],
    );
    await ask('PATCH', path(), { pipelines: [{ id: 12, authorized: false }] });
    assert.deepEqual([...production.permittedPipelines.keys()], [13]);
  });

  it('may lose a permission that was given, as often as a test says', async () => {
    organization.permissionsToLose = 1;
    const body = { pipelines: [{ id: 12, authorized: true }] };
    for (const kept of [[], [12]]) {
      const { pipelines } = fieldsOf(await ask('PATCH', path(), body));
      assert.equal((pipelines as { id: number }[])[0]?.id, 12);
      assert.deepEqual([...production.permittedPipelines.keys()], kept);
    }
  });

  it('are permitted all at once by who is Administrator of every environment alone', async () => {
    const other = organization.environments.add('qa');
    const all = { allPipelines: { authorized: true } };
    assert.deepEqual(await refusal(ask('PATCH', path(), all)), [
      403,
      "The resource doesn't exist or the user doesn't have admin permission for all resources of that type.",
    ]);
    other.roles.set(organization.buildService.id, 'Administrator');
    const given = fieldsOf(await ask('PATCH', path(), all));
    assert.equal((given['allPipelines'] as { authorized: boolean }).authorized, true);
    await ask('PATCH', path(), { allPipelines: { authorized: false } });
    assert.equal(fieldsOf(await ask('GET', path()))['allPipelines'], undefined);
  });
});
