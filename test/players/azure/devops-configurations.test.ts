import assert from 'node:assert/strict';
import { checkDefinitions, checkTypes } from '../../azure/devops/check-kinds.ts';
import { person, type Organization, type PlayedEnvironment } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { devOpsClient, listed, refusal } from './devops-client.ts';
import { fieldsOf, type Answer } from './loopback-client.ts';

const [kim, alex] = [person('Kim Contoso'), person('Alex Contoso')];
const version = 'api-version=7.2-preview.1';
const template = {
  repositoryType: 'git',
  repositoryName: 'contoso/templates',
  repositoryRef: 'refs/heads/main',
  templatePath: 'cd.yml',
};

interface GivenSettings {
  readonly approvers?: readonly { readonly id: string }[];
  readonly minRequiredApprovers?: number;
}

describe('Checks that the played Azure DevOps keeps', () => {
  let azure: Azure;
  let organization: Organization;
  let production: PlayedEnvironment;
  let ask: ReturnType<typeof devOpsClient>;
  before(async () => {
    azure = await startAzure();
    organization = azure.organization;
    ask = devOpsClient(azure);
  });
  after(() => azure.close());
  beforeEach(() => {
    production = organization.environments.add(`production-${organization.environments.all.length}`);
    production.roles.set(organization.buildService.id, 'Administrator');
  });
  afterEach(() => {
    organization.refusesMinimumOfOne = false;
  });

  const whole = (type: object, settings: object, more: object = {}): object => ({
    type,
    settings,
    resource: { type: 'environment', id: String(production.id) },
    ...more,
  });
  const approvalOf = (settings: GivenSettings, more: object = {}): object =>
    whole(checkTypes.approval, { approvers: [{ id: kim.id }], ...settings }, more);
  const taskOf = (kind: 'branchControl' | 'businessHours', inputs: object, definition: object = {}): object => {
    const definitionRef = { id: checkDefinitions[kind], name: kind, version: '0.0.1', ...definition };
    return whole(checkTypes.task, { displayName: kind, definitionRef, inputs });
  };
  const post = (body: object): Promise<Answer> => ask('POST', `pipelines/checks/configurations?${version}`, body);
  const patch = (id: unknown, body: object): Promise<Answer> =>
    ask('PATCH', `pipelines/checks/configurations/${String(id)}?${version}`, { id, ...body });
  const kept = async (): Promise<Readonly<Record<string, unknown>> | undefined> => {
    const query = `resourceType=environment&resourceId=${production.id}&$expand=settings&${version}`;
    return (await listed(ask('GET', `pipelines/checks/configurations?${query}`)))[0];
  };

  it('tell who made them and who changed them, and where they are', async () => {
    const { configurations } = production;
    const made = configurations.add('lock', {});
    organization.passMinutes(5);
    const check = await kept();
    const url = `https://dev.azure.com/contoso/${azure.job.projectId}/_apis/pipelines/checks/configurations/${made.id}`;
    assert.deepEqual([check?.['url'], check?.['_links']], [url, { self: { href: url } }]);
    await patch(made.id, whole(checkTypes.lock, {}, { version: 1, isDisabled: true }));
    const changed = await kept();
    const { owner, buildService } = organization;
    const byOf = (name: string): unknown => ((changed?.[name] ?? {}) as { id?: string }).id;
    assert.deepEqual([byOf('createdBy'), byOf('modifiedBy')], [owner.id, buildService.id]);
    assert.ok(String(changed?.['createdOn']) < String(changed?.['modifiedOn']));
    assert.deepEqual([changed?.['version'], changed?.['isDisabled']], [2, true]);
  });

  it('have only those defaults that the service fills in', async () => {
    await post(approvalOf({}));
    assert.deepEqual(((await kept()) ?? {})['settings'], {
      approvers: [{ displayName: null, id: kim.id }],
      blockedApprovers: [],
      instructions: '',
      minRequiredApprovers: 0,
    });
  });

  it('keep lists with a space behind each comma', async () => {
    await post(taskOf('branchControl', { allowedBranches: 'refs/heads/main,refs/tags/*' }));
    const { inputs } = ((await kept())?.['settings'] ?? {}) as { inputs?: unknown };
    assert.deepEqual(inputs, { allowedBranches: 'refs/heads/main, refs/tags/*' });
  });

  it('are refused when they are of no valid form', async () => {
    const hours = { businessDays: 'Monday', timeZone: 'UTC', startTime: '08:00', endTime: '17:00' };
    const wrong: readonly (readonly [object, RegExp])[] = [
      [approvalOf({ approvers: [] }), /needs approvers/],
      [approvalOf({ approvers: [{ id: '' }] }), /has no id/],
      [approvalOf({ minRequiredApprovers: 2 }), /minRequiredApprovers is 2, of 1 approvers/],
      [approvalOf({}, { timeout: 0 }), /timeout 0 is not between 1 and 43200/],
      [approvalOf({}, { timeout: 43_201 }), /timeout 43201/],
      [whole(checkTypes.template, { extendsChecks: [] }), /needs extendsChecks/],
      [whole(checkTypes.template, { extendsChecks: [{ ...template, templatePath: '' }] }), /has no templatePath/],
      [
        whole(checkTypes.template, { extendsChecks: [{ ...template, repositoryType: 'azuregit' }] }),
        /type azuregit is not known/,
      ],
      [taskOf('branchControl', {}, { version: '' }), /needs a name and a version/],
      [taskOf('businessHours', { ...hours, businessDays: 'Monday, Mon' }), /business day 'Mon' is not known/],
      [taskOf('businessHours', { ...hours, timeZone: '' }), /need a time zone/],
      [taskOf('businessHours', { ...hours, startTime: '8:00' }), /time '8:00' is not of the form HH:MM/],
      [taskOf('businessHours', { ...hours, endTime: undefined }), /time '' is not of the form HH:MM/],
    ];
    for (const [body, reason] of wrong) {
      const [status, message] = await refusal(post(body));
      assert.equal(status, 400, message);
      assert.match(message, reason);
    }
    assert.deepEqual(production.configurations.all, []);
    const right = [
      approvalOf({ minRequiredApprovers: 1 }, { timeout: 43_200 }),
      whole(checkTypes.template, { extendsChecks: [template] }),
      taskOf('businessHours', hours),
    ];
    for (const body of right) assert.equal((await post(body)).status, 200);
  });

  it('take one of each kind of approval and one lock, but several branch controls', async () => {
    const lock = whole(checkTypes.lock, {});
    for (const body of [approvalOf({}), lock]) {
      assert.equal((await post(body)).status, 200);
      const [status, message] = await refusal(post(body));
      assert.equal(status, 400);
      assert.match(message, /already exists/);
    }
    const branches = taskOf('branchControl', { allowedBranches: 'refs/heads/main' });
    assert.deepEqual([(await post(branches)).status, (await post(branches)).status], [200, 200]);
  });

  it('are changed as a whole, from the version that they have', async () => {
    const { id } = fieldsOf(await post(approvalOf({})));
    const next = approvalOf({ approvers: [{ id: kim.id }, { id: alex.id }] }, { version: 1 });
    const other = { resource: { type: 'environment', id: String(production.id + 1) } };
    for (const body of [
      { ...next, id: 1 },
      { ...next, version: 2 },
      { ...next, ...other },
      { ...next, type: checkTypes.lock },
      approvalOf({ approvers: [] }, { version: 1 }),
    ]) {
      assert.equal((await patch(id, body)).status, 400);
    }
    assert.equal((await patch(id, next)).status, 200);
    assert.equal((await patch(id, next)).status, 400);
    assert.equal(production.configurations.first('approval')?.version, 2);
  });

  it('take no minimum for a single approver in a change, where the organisation is such a one', async () => {
    const { id } = fieldsOf(await post(approvalOf({ minRequiredApprovers: 1 })));
    organization.refusesMinimumOfOne = true;
    const changed = (settings: GivenSettings): object => approvalOf(settings, { version: 1 });
    const [status, message] = await refusal(patch(id, changed({ minRequiredApprovers: 1 })));
    assert.equal(status, 400);
    assert.match(message, /minRequiredApprovers/);
    assert.equal((await patch(id, changed({ minRequiredApprovers: 0 }))).status, 200);
    const two = { approvers: [{ id: kim.id }, { id: alex.id }], minRequiredApprovers: 1 };
    assert.equal((await patch(id, approvalOf(two, { version: 2 }))).status, 200);
  });
});
