import assert from 'node:assert/strict';
import type { Organization } from '../../azure/devops/index.ts';
import { startAzure, type Azure, type RecordedRequest } from '../../azure/index.ts';
import { checkTypes } from '../../azure/devops/check-kinds.ts';
import { devOpsClient, listed, refusal } from './devops-client.ts';
import { fieldsOf } from './loopback-client.ts';

/** All but what only reads: a query for checks is a POST, too. */
function isWrite({ method, path }: RecordedRequest): boolean {
  return method !== 'GET' && !path.endsWith('/queryconfigurations');
}

describe('Requests that write to the played Azure DevOps', () => {
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

  /** Makes an environment, locks it, describes it and takes the lock away again. */
  async function work(): Promise<void> {
    const made = fieldsOf(await ask('POST', 'pipelines/environments', { name: 'qa' }));
    const id = String(made['id']);
    const resource = { type: 'environment', id };
    await listed(ask('POST', 'pipelines/checks/queryconfigurations', [resource]));
    const body = { type: checkTypes.lock, settings: {}, resource };
    const check = fieldsOf(await ask('POST', 'pipelines/checks/configurations', body));
    await ask('PATCH', `pipelines/environments/${id}`, { description: 'locked' });
    await ask('DELETE', `pipelines/checks/configurations/${String(check['id'])}`);
  }

  it('can be told from those that read', async () => {
    await work();
    const written = azure.requests.filter(isWrite).map(({ method, path }) => {
      return `${method} ${path.replace(/^.*\/_apis\//, '').replaceAll(/\d+$/g, '*')}`;
    });
    assert.deepEqual(written, [
      'POST pipelines/environments',
      'POST pipelines/checks/configurations',
      'PATCH pipelines/environments/*',
      'DELETE pipelines/checks/configurations/*',
    ]);
  });

  it('can be the last of a client, which never hears that one took effect', async () => {
    const seen: string[] = [];
    azure.gate({
      match: isWrite,
      when: 'after',
      nth: 3,
      act: ({ method }) => {
        seen.push(method);
        return 'cut';
      },
    });
    await assert.rejects(work());
    assert.deepEqual(seen, ['PATCH']);
    const environment = organization.environments.find('qa');
    assert.equal(environment?.description, 'locked');
    assert.equal(environment.configurations.all.length, 1);
  });

  it('can be stopped before one takes effect', async () => {
    azure.gate({ match: isWrite, nth: 2, act: () => 'cut' });
    await assert.rejects(work());
    assert.deepEqual(organization.environments.find('qa')?.configurations.all, []);
  });

  it('can be told to wait, and take no effect then', async () => {
    const says = "Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.";
    azure.fault({ kind: '429', match: isWrite, retryAfter: '3', says });
    const answer = await ask('POST', 'pipelines/environments', { name: 'qa' });
    assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '3']);
    assert.equal(organization.environments.find('qa'), undefined);
    assert.equal((await ask('POST', 'pipelines/environments', { name: 'qa' })).status, 200);
    azure.fault({ kind: '403', match: isWrite, says: 'Access denied.' });
    const [status, message] = await refusal(ask('POST', 'pipelines/environments', { name: 'other' }));
    assert.deepEqual([status, message], [403, 'Access denied.']);
  });
});
