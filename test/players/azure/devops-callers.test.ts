import assert from 'node:assert/strict';
import { group, person, type Organization } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { devOpsAudience } from '../../azure/identity/access-tokens.ts';
import { devOpsClient, listed, principalOf, refusal } from './devops-client.ts';
import { fieldsOf } from './loopback-client.ts';

const connectionData = '/_apis/connectionData?api-version=7.1-preview.1';

describe('Callers of the played Azure DevOps', () => {
  let azure: Azure;
  let organization: Organization;
  beforeEach(async () => {
    azure = await startAzure();
    organization = azure.organization;
  });
  afterEach(() => azure.close());

  it('are the build service by the token of the job, and a member by a token of Entra', async () => {
    const { member, token } = principalOf(azure, person('delivery-deployer'));
    const whoIs = async (bearer: string): Promise<unknown[]> => {
      const told = fieldsOf(await devOpsClient(azure, bearer)('GET', connectionData));
      const { id, providerDisplayName } = told['authenticatedUser'] as Record<string, unknown>;
      return [id, providerDisplayName];
    };
    const { buildService } = organization;
    assert.deepEqual(await whoIs(azure.job.accessToken), [buildService.id, buildService.displayName]);
    assert.deepEqual(await whoIs(token), [member.id, 'delivery-deployer']);
    assert.notEqual(member.id, member.objectId);
  });

  it('are told when they are no members, or are none any more', async () => {
    const stranger = azure.accessTokens.issue(azure.identities.add({ kind: 'federated' }), devOpsAudience);
    const { token } = principalOf(azure, { ...person('delivery-deployer'), isInactive: true });
    for (const bearer of [stranger, token]) {
      const [status, message] = await refusal(devOpsClient(azure, bearer)('GET', 'pipelines/environments'));
      assert.equal(status, 401);
      assert.match(message, /^TF401444: Please sign-in at least once as/);
    }
  });

  it('see nothing of a project that they have no access to', async () => {
    const { member, token } = principalOf(azure, person('delivery-deployer'));
    const asMember = devOpsClient(azure, token);
    assert.deepEqual(await listed(asMember('GET', 'pipelines/environments')), []);
    organization.outsideProject.add(member.id);
    for (const path of ['pipelines/environments', '/delivery/_apis/build/definitions']) {
      const [status, message] = await refusal(asMember('GET', path));
      assert.equal(status, 404);
      assert.match(message, /^VS800075: .* does not exist, or you do not have permission to access it\.$/);
    }
    assert.equal((await asMember('GET', connectionData)).status, 200);
    const [status, message] = await refusal(asMember('GET', '/fabrikam/_apis/pipelines/environments'));
    assert.deepEqual([status, message.slice(0, 8)], [404, 'TF200016']);
  });

  it('may what their roles say, also those of their groups', async () => {
    const { member, token } = principalOf(azure, person('delivery-deployer'));
    const deployers = organization.people.add(group('[delivery]\\Deployers', [member]));
    const environment = organization.environments.add('production');
    const asMember = devOpsClient(azure, token);
    const body = { type: { id: '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563' }, resource: { id: String(environment.id) } };
    const tried = async (): Promise<number[]> => {
      const permissions = `pipelines/pipelinepermissions/environment/${environment.id}`;
      const answers = [
        await asMember('GET', `pipelines/environments/${environment.id}`),
        await asMember('GET', permissions),
        await asMember('PATCH', `pipelines/environments/${environment.id}`, { description: 'x' }),
        await asMember('PATCH', permissions, { pipelines: [{ id: 1, authorized: true }] }),
        await asMember('POST', 'pipelines/checks/configurations', body),
      ];
      environment.checks.exclusiveLock = false;
      return answers.map(({ status }) => status);
    };
    assert.deepEqual(await tried(), [404, 403, 404, 403, 403]);
    for (const role of ['Reader', 'User', 'Creator'] as const) {
      environment.roles.set(deployers.id, role);
      assert.deepEqual(await tried(), [200, 200, 403, 403, 403], role);
    }
    environment.roles.set(deployers.id, 'Administrator');
    assert.deepEqual(await tried(), [200, 200, 200, 200, 200]);
  });
});
