import assert from 'node:assert/strict';
import { checkDefinitions, checkTypes } from '../../azure/devops/check-kinds.ts';
import { person, type PlayedEnvironment } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { devOpsAudience, kubernetesAudience } from '../../azure/identity/access-tokens.ts';
import { call, fieldsOf, type Answer } from './loopback-client.ts';

const kim = person('Kim Contoso');
const version = 'api-version=7.2-preview.1';

async function listed(answer: Promise<Answer>): Promise<unknown> {
  return fieldsOf(await answer)['value'];
}

async function refusal(answer: Promise<Answer>): Promise<unknown[]> {
  const given = await answer;
  return [given.status, fieldsOf(given)['typeKey']];
}

describe('Azure DevOps on loopback: environments and checks', () => {
  let azure: Azure;
  let production: PlayedEnvironment;

  before(async () => {
    azure = await startAzure();
  });
  after(() => azure.close());
  beforeEach(() => {
    // Each test has an environment of its own.
    production = azure.organization.environments.add(`prod-${azure.organization.environments.all.length}`);
    production.roles.set(azure.organization.buildService.id, 'Administrator');
    azure.organization.environmentCreators.add(azure.organization.buildService.id);
  });

  function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { authorization: `Bearer ${azure.job.accessToken}`, 'content-type': 'application/json' };
    const url = path.startsWith('https:')
      ? path
      : `https://dev.azure.com/contoso/${azure.job.projectId}/_apis/pipelines/${path}`;
    return call(azure, url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }

  const approval = (more: object = {}): object => ({
    type: checkTypes.approval,
    settings: { approvers: [{ id: kim.id.toUpperCase(), displayName: 'Kim' }], executionOrder: 2, ...more },
    resource: { type: 'environment', id: String(production.id) },
  });
  const ofProduction = (): string =>
    `checks/configurations?resourceType=environment&resourceId=${production.id}&${version}`;

  it('keep a check with the defaults of the service', async () => {
    assert.equal((await ask('POST', `checks/configurations?${version}`, approval())).status, 200);
    const [check] = (await listed(ask('GET', `${ofProduction()}&$expand=settings`))) as Record<string, unknown>[];
    assert.deepEqual([check?.['timeout'], check?.['version'], check?.['isDisabled']], [43_200, 1, undefined]);
    assert.deepEqual(check?.['settings'], {
      approvers: [{ displayName: null, id: kim.id }],
      blockedApprovers: [],
      executionOrder: 'inSequence',
      instructions: '',
      minRequiredApprovers: 0,
    });
    const [plain] = (await listed(ask('GET', ofProduction()))) as Record<string, unknown>[];
    assert.equal(plain?.['settings'], undefined);
    const older = ask('GET', ofProduction().replace('7.2', '7.1'));
    assert.equal(((await listed(older)) as Record<string, unknown>[])[0]?.['isDisabled'], undefined);
  });

  it('keep inputs of branch control as texts, and none that protection alone has', async () => {
    const definitionRef = { id: checkDefinitions.branchControl, name: 'evaluatebranchProtection', version: '0.0.1' };
    const inputs = {
      allowedBranches: 'refs/heads/main',
      ensureProtectionOfBranch: false,
      allowUnknownStatusBranch: true,
    };
    const body = { ...approval(), type: checkTypes.task, settings: { definitionRef, inputs } };
    const made = fieldsOf(await ask('POST', `checks/configurations?${version}`, body));
    assert.deepEqual((made['settings'] as { inputs: unknown }).inputs, {
      allowedBranches: 'refs/heads/main',
      ensureProtectionOfBranch: 'false',
    });
    assert.equal(made['timeout'], 1440);
  });

  it('refuse a second check of a kind, and an unknown kind', async () => {
    await ask('POST', `checks/configurations?${version}`, approval());
    const again = await ask('POST', `checks/configurations?${version}`, approval());
    assert.match(String(fieldsOf(again)['message']), /already exists/);
    const pre = approval({ definitionRef: { id: checkDefinitions.preApproval } });
    assert.equal((await ask('POST', `checks/configurations?${version}`, pre)).status, 200);
    const unknown = { ...approval(), type: { id: kim.id, name: 'Other' } };
    assert.equal((await ask('POST', `checks/configurations?${version}`, unknown)).status, 400);
  });

  it('change a check by its current version only, and take it away', async () => {
    const { id } = fieldsOf(await ask('POST', `checks/configurations?${version}`, approval()));
    const change = { ...approval({ minRequiredApprovers: 1 }), id, isDisabled: true };
    const path = `checks/configurations/${String(id)}`;
    assert.equal((await ask('PATCH', `${path}?${version}`, { ...change, version: 7 })).status, 400);
    const changed = fieldsOf(await ask('PATCH', `${path}?${version}`, { ...change, version: 1 }));
    assert.deepEqual([changed['version'], changed['isDisabled']], [2, true]);
    assert.equal((await ask('DELETE', path)).status, 204);
    assert.deepEqual(await listed(ask('GET', ofProduction())), []);
    assert.equal((await ask('GET', path)).status, 404);
  });

  it('tell the checks of many environments in one call', async () => {
    const other = azure.organization.environments.add(`qa-${production.id}`, { exclusiveLock: true });
    production.checks.approval = { approvers: [kim] };
    const both = [production, other].map(({ id, name }) => ({ type: 'environment', id: String(id), name }));
    const found = (await listed(ask('POST', `checks/queryconfigurations?$expand=settings&${version}`, both))) as {
      type: { name: string };
    }[];
    assert.deepEqual(
      found.map(({ type }) => type.name),
      ['Approval', 'ExclusiveLock'],
    );
  });

  it('want the role Reader to be seen, and Administrator to be changed', async () => {
    production.roles.set(azure.organization.buildService.id, 'User');
    assert.deepEqual(await refusal(ask('POST', `checks/configurations?${version}`, approval())), [
      403,
      'AccessDeniedException',
    ]);
    production.isVisible = false;
    assert.deepEqual(await refusal(ask('GET', ofProduction())), [403, 'AccessDeniedException']);
    assert.deepEqual(await refusal(ask('GET', `environments/${production.id}`)), [404, 'EnvironmentNotFoundException']);
  });

  it('make an environment once, by whoever may, and give its creator the checks', async () => {
    const name = `new-${production.id}`;
    azure.organization.environmentCreators.clear();
    const refused = await ask('POST', 'environments', { name });
    assert.match(String(fieldsOf(refused)['message']), /needs Create permissions/);
    azure.organization.environmentCreators.add(azure.organization.buildService.id);
    assert.equal((await ask('POST', 'environments', { name, description: 'x' })).status, 200);
    assert.deepEqual(await refusal(ask('POST', 'environments', { name })), [409, 'EnvironmentExistsException']);
    assert.equal((await ask('POST', 'environments', { name: 'a/b' })).status, 400);
    const [found] = (await listed(ask('GET', `environments?name=${name}`))) as { id: number; description: string }[];
    assert.equal(found?.description, 'x');
    const made = azure.organization.environments.byId(String(found?.id));
    assert.equal(made?.mayManage(azure.organization.buildService), true);
  });

  it('tell what was deployed, the newest first', async () => {
    const run = { id: 8, number: '1', variables: {} };
    for (const result of ['Failed', 'Succeeded']) {
      azure.organization.deployed({ run, environment: production.name, stage: 'production', job: 'deploy', result });
    }
    const records = (await listed(ask('GET', `environments/${production.id}/environmentdeploymentrecords`))) as {
      result: string;
    }[];
    assert.deepEqual(
      records.map(({ result }) => result),
      ['succeeded', 'failed'],
    );
  });

  it('find people on the host of identities', async () => {
    azure.organization.people.add(kim);
    const search = 'https://vssps.dev.azure.com/contoso/_apis/identities?searchFilter=MailAddress&filterValue=';
    assert.equal(((await listed(ask('GET', search + kim.mail))) as { id: string }[])[0]?.id, kim.id);
    assert.deepEqual(await listed(ask('GET', `${search}kim`)), []);
  });

  it('let an Administrator give roles, to identities that the organisation knows', async () => {
    azure.organization.people.add(kim);
    const scope = 'distributedtask.environmentreferencerole/roleassignments/resources';
    const url = `https://dev.azure.com/contoso/_apis/securityroles/scopes/${scope}/${azure.job.projectId}_${production.id}`;
    const unknown = await ask('PUT', url, [{ roleName: 'Reader', userId: azure.job.planId }]);
    assert.equal(fieldsOf(unknown)['count'], 0);
    assert.equal(fieldsOf(await ask('PUT', url, [{ roleName: 'Administrator', userId: kim.id }]))['count'], 1);
    assert.equal(production.mayManage(kim), true);
    production.roles.set(azure.organization.buildService.id, 'Reader');
    const refused = await ask('PUT', url, [{ roleName: 'Reader', userId: kim.id }]);
    assert.match(String(fieldsOf(refused)['message']), /Administer Permissions/);
  });

  it('know a service principal that is a member by its token for Azure DevOps', async () => {
    const principal = azure.identities.add({ kind: 'federated' });
    const token = azure.accessTokens.issue(principal, devOpsAudience);
    const asPrincipal = async (bearer: string): Promise<number> => {
      const url = `https://dev.azure.com/contoso/${azure.job.projectId}/_apis/pipelines/environments/${production.id}`;
      const headers = { authorization: `Bearer ${bearer}`, 'x-tfs-fedauthredirect': 'Suppress' };
      return (await call(azure, url, { headers })).status;
    };
    assert.equal(await asPrincipal(token), 401);
    azure.organization.people.add({ id: principal.objectId, displayName: 'delivery', mail: '' });
    assert.equal(await asPrincipal(token), 404);
    production.roles.set(principal.objectId, 'Reader');
    assert.equal(await asPrincipal(token), 200);
    assert.equal(await asPrincipal(azure.accessTokens.issue(principal, kubernetesAudience)), 401);
  });

  it('take the answer to an approval from its approver alone', async () => {
    const { buildService, approvals } = azure.organization;
    const asked = new Promise<string>((resolve) => approvals.whenAsked(({ id }) => resolve(id)));
    production.checks.approval = { approvers: [buildService, kim], minimum: 1 };
    const queued = { pipeline: 'cd', branch: 'refs/heads/main', commit: 'c', reason: 'Manual', requestedFor: 'Robin' };
    const run = azure.organization.queue(queued);
    const stage = { run, stage: 'production', attempt: 1, environments: [production.name], locksItself: false };
    const outcome = azure.organization.check(stage, new AbortController().signal);
    const answer = [{ approvalId: await asked, status: 'approved', comment: 'fine' }];
    assert.equal((await ask('PATCH', 'approvals', answer)).status, 200);
    assert.deepEqual((await outcome).approvers, [buildService.displayName]);
    assert.equal((await ask('PATCH', 'approvals', answer)).status, 403);
  });
});
