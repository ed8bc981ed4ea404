import assert from 'node:assert/strict';
import { group, person, type Approval, type Organization } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { devOpsClient, listed } from './devops-client.ts';
import { fieldsOf } from './loopback-client.ts';

const identities = 'https://vssps.dev.azure.com/contoso/_apis/identities';
const kim = { ...person('Kim Contoso'), account: 'kim@contoso.onmicrosoft.example' };
const left = { ...person('Kim Contoso'), mail: 'kim.left@contoso.example', isInactive: true };
const leads = group('[delivery]\\Leads', [kim]);
const platform = { ...group('[TEAM FOUNDATION]\\Platform', [leads]), mail: 'platform@contoso.example' };

describe('Identities of the played Azure DevOps', () => {
  let azure: Azure;
  let organization: Organization;
  before(async () => {
    azure = await startAzure();
    organization = azure.organization;
    for (const each of [kim, left, leads, platform]) organization.people.add(each);
  });
  after(() => azure.close());

  async function found(searchFilter: string, filterValue: string): Promise<unknown[]> {
    const query = new URLSearchParams({ searchFilter, filterValue }).toString();
    return (await listed(devOpsClient(azure)('GET', `${identities}?${query}`))).map(({ id }) => id);
  }

  it('are found by their mail address and by their account, which may differ', async () => {
    assert.deepEqual(await found('MailAddress', kim.mail.toUpperCase()), [kim.id]);
    assert.deepEqual(await found('AccountName', kim.mail), []);
    assert.deepEqual(await found('AccountName', kim.account), [kim.id]);
    assert.deepEqual(await found('General', kim.account), [kim.id]);
    assert.deepEqual(await found('MailAddress', platform.mail), [platform.id]);
  });

  it('are found by a name that several have, of whom one is not active', async () => {
    assert.deepEqual(await found('DisplayName', 'kim c'), [kim.id, left.id]);
    const told = await listed(
      devOpsClient(azure)('GET', `${identities}?searchFilter=DisplayName&filterValue=Kim%20Contoso`),
    );
    assert.deepEqual(
      told.map(({ isActive, providerDisplayName }) => [isActive, providerDisplayName]),
      [
        [true, 'Kim Contoso'],
        [false, 'Kim Contoso'],
      ],
    );
    const { Mail, Account } = (told[0]?.['properties'] ?? {}) as Record<string, { $value: string }>;
    assert.deepEqual([Mail?.$value, Account?.$value], [kim.mail, kim.account]);
  });

  it('are found as groups with their scope and without it, and people are none', async () => {
    assert.deepEqual(await found('LocalGroupName', '[delivery]\\leads'), [leads.id]);
    assert.deepEqual(await found('LocalGroupName', 'Platform'), [platform.id]);
    assert.deepEqual(await found('LocalGroupName', 'Kim Contoso'), []);
    assert.deepEqual(await found('General', '[TEAM FOUNDATION]\\Platform'), [platform.id]);
  });

  it('are told by their ids in one call, with an empty place for an unknown one', async () => {
    const ids = [leads.id.toUpperCase(), azure.job.planId, kim.id];
    const { value } = fieldsOf(await devOpsClient(azure)('GET', `${identities}?identityIds=${ids.join(',')}`));
    const told = value as ({ id: string; isContainer?: boolean } | null)[];
    assert.deepEqual(
      told.map((each) => each && [each.id, each.isContainer]),
      [[leads.id, true], null, [kim.id, undefined]],
    );
  });

  it('approve for the groups that they belong to, also through another group', async () => {
    const asked = new Promise<Approval>((resolve) => organization.approvals.whenAsked(resolve));
    organization.environments.add('production', { approval: { approvers: [platform] } });
    const queued = { pipeline: 'cd', branch: 'refs/heads/main', commit: 'c', reason: 'Manual', requestedFor: 'Robin' };
    const run = organization.queue(queued);
    const stage = { run, stage: 'production', attempt: 1, environments: ['production'], locksItself: false };
    const outcome = organization.check(stage, new AbortController().signal);
    const approval = await asked;
    assert.throws(() => approval.answer(left, 'approved'), /Kim Contoso is no approver of production/);
    approval.answer(kim, 'approved');
    assert.deepEqual((await outcome).approvers, ['Kim Contoso']);
    const path = `pipelines/approvals?approvalIds=${approval.id}&$expand=steps`;
    const [told] = await listed(devOpsClient(azure)('GET', path));
    const [step] = (told?.['steps'] ?? []) as Record<string, { id: string }>[];
    assert.deepEqual([step?.['assignedApprover']?.id, step?.['actualApprover']?.id], [platform.id, kim.id]);
  });
});
