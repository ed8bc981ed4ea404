import assert from 'node:assert/strict';
import type { ChecksOutcome } from '../../agent/pipelines/run/service.ts';
import { type Approval, type ApprovalCheck, group, person, type Organization } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { devOpsClient, listed, principalOf, refusal } from './devops-client.ts';

const [robin, alex] = [person('Robin Contoso'), person('Alex Contoso')];

describe('Approvals of the played Azure DevOps', () => {
  let azure: Azure;
  let organization: Organization;
  beforeEach(async () => {
    azure = await startAzure();
    organization = azure.organization;
  });
  afterEach(() => azure.close());

  /** The checks of a stage that wait for an approval. */
  async function waiting(approval: ApprovalCheck): Promise<{ outcome: Promise<ChecksOutcome>; approval: Approval }> {
    const asked = new Promise<Approval>((resolve) => organization.approvals.whenAsked(resolve));
    organization.environments.add('production', { approval });
    const queued = { pipeline: 'cd', branch: 'refs/heads/main', commit: 'c', reason: 'Manual', requestedFor: 'Kim' };
    const run = organization.queue(queued);
    const stage = { run, stage: 'production', attempt: 1, environments: ['production'], locksItself: false };
    const outcome = organization.check(stage, new AbortController().signal);
    return { outcome, approval: await asked };
  }

  async function stepsOf({ id }: Approval): Promise<unknown[]> {
    const [told] = await listed(devOpsClient(azure)('GET', `pipelines/approvals?approvalIds=${id}&$expand=steps`));
    return ((told?.['steps'] ?? []) as { order: number; status: string }[]).map(({ status }) => status);
  }

  it('are answered over REST one after the other, where their order says so', async () => {
    const [first, second] = [principalOf(azure, robin), principalOf(azure, alex)];
    const { outcome, approval } = await waiting({ approvers: [first.member, second.member], inSequence: true });
    const answer = [{ approvalId: approval.id, status: 'approved', comment: '' }];
    const as = (token: string): ReturnType<typeof devOpsClient> => devOpsClient(azure, token);
    const tooEarly = await refusal(as(second.token)('PATCH', 'pipelines/approvals', answer));
    assert.deepEqual(tooEarly, [403, 'It is not the turn of Alex Contoso.']);
    assert.deepEqual(await stepsOf(approval), ['pending', 'uninitiated']);
    assert.equal((await as(first.token)('PATCH', 'pipelines/approvals', answer)).status, 200);
    assert.deepEqual(await stepsOf(approval), ['approved', 'pending']);
    assert.equal((await as(second.token)('PATCH', 'pipelines/approvals', answer)).status, 200);
    assert.equal((await outcome).result, 'passed');
  });

  it('count the groups that answered, not their members', async () => {
    const leads = organization.people.add(group('[delivery]\\Leads', [robin, alex]));
    const { outcome, approval } = await waiting({ approvers: [leads, alex], minimum: 2 });
    approval.answer(robin, 'approved');
    assert.throws(() => approval.answer(robin, 'approved'), /not the turn of Robin Contoso/);
    assert.equal(approval.status, 'pending');
    approval.answer(alex, 'approved');
    assert.deepEqual((await outcome).approvers, ['Robin Contoso', 'Alex Contoso']);
  });

  it('ask those who stood there when the checks began', async () => {
    const { outcome, approval } = await waiting({ approvers: [robin] });
    Object.assign(organization.environments.find('production')?.checks ?? {}, { approval: { approvers: [alex] } });
    assert.throws(() => approval.answer(alex, 'approved'), /Alex Contoso is no approver of production/);
    approval.answer(robin, 'approved');
    assert.deepEqual((await outcome).approvers, ['Robin Contoso']);
  });

  it('skip their stage when a group does not answer in time', async () => {
    const leads = organization.people.add(group('[delivery]\\Leads', [robin]));
    const { outcome, approval } = await waiting({ approvers: [leads], timeout: 30 });
    organization.passMinutes(30);
    const { result, message } = await outcome;
    assert.deepEqual([result, message], ['skipped', 'Nobody approved environment production in time.']);
    assert.deepEqual(await stepsOf(approval), ['skipped']);
    assert.throws(() => approval.answer(robin, 'approved'), /timedOut already/);
  });
});
