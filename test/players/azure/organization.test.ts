import assert from 'node:assert/strict';
import type { CheckedStage, ChecksOutcome, RunIdentity } from '../../agent/pipelines/run/service.ts';
import { type Approval, person, type EnvironmentChecks, type Organization } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';

const [robin, kim] = [person('Robin Contoso'), person('Kim Contoso')];

describe('The played organisation', () => {
  let azure: Azure;
  let organization: Organization;
  beforeEach(async () => {
    azure = await startAzure();
    organization = azure.organization;
  });
  afterEach(() => azure.close());

  function queue(given: { branch?: string; requestedFor?: string; numberForm?: string } = {}): RunIdentity {
    const queued = { pipeline: 'orders-cd', branch: 'refs/heads/main', commit: '4f6c2a9', reason: 'Manual' };
    return organization.queue({ ...queued, requestedFor: 'Robin Contoso', ...given });
  }

  function check(more: Partial<CheckedStage> = {}, cancel = new AbortController().signal): Promise<ChecksOutcome> {
    const stage = { run: queue(), stage: 'production', attempt: 1, environments: ['prod'], locksItself: false };
    return organization.check({ ...stage, ...more }, cancel);
  }

  /** The checks of an environment, and the approval that they wait for. */
  async function asked(checks: EnvironmentChecks, more: Partial<CheckedStage> = {}, cancel?: AbortSignal) {
    organization.environments.add('prod', checks);
    const begun = new Promise<Approval>((resolve) => organization.approvals.whenAsked(resolve));
    const outcome = check(more, cancel);
    return { outcome, approval: await begun };
  }

  it('gives runs their ids, and numbers by the form of the pipeline', () => {
    assert.match(queue().number, /^\d{8}\.1$/);
    assert.match(queue().number, /^\d{8}\.2$/);
    const { id, number } = queue({ numberForm: '1.$(Rev:rr)-$(BuildId)' });
    assert.equal(number, `1.01-${id}`);
  });

  it('tells the newest run of a branch that went well', () => {
    const [first, second, failed] = [queue(), queue({ branch: 'refs/heads/other' }), queue()];
    const withIssues = queue();
    assert.equal(organization.latestRun({ pipeline: 'orders-cd' }), undefined);
    organization.complete(first, 'Succeeded');
    organization.complete(second, 'Succeeded');
    organization.complete(withIssues, 'SucceededWithIssues');
    organization.complete(failed, 'Failed');
    assert.equal(organization.latestRun({ pipeline: 'Orders-CD' })?.id, second.id);
    assert.equal(organization.latestRun({ pipeline: 'orders-cd', branch: 'refs/heads/main' })?.id, first.id);
  });

  it('tells its artifacts to the REST API, also those that came in two parts', () => {
    const run = queue();
    for (const name of ['a.txt', 'b/c.txt']) {
      organization.publish(run, { name: 'drop', kind: 'Container', files: new Map([[name, Buffer.from(name)]]) });
    }
    const played = azure.pipelineRuns.find(azure.job.projectId, run.id);
    assert.deepEqual(Object.keys(played?.artifacts[0]?.files ?? {}), ['a.txt', 'b/c.txt']);
    assert.equal(played?.status, 'inProgress');
  });

  it('lets a stage pass whose environment has no checks', async () => {
    organization.environments.add('prod');
    assert.equal((await check()).result, 'passed');
  });

  it('shuts out a branch that branch control does not allow', async () => {
    organization.environments.add('prod', { allowedBranches: ['refs/heads/release/*', 'refs/heads/main'] });
    assert.equal((await check()).result, 'passed');
    const other = await check({ run: queue({ branch: 'refs/heads/mainly' }) });
    assert.deepEqual(
      [other.result, /prod does not allow refs\/heads\/mainly/.test(other.message ?? '')],
      ['rejected', true],
    );
  });

  it('waits for all approvers, in whatever order they answer', async () => {
    const { outcome, approval } = await asked({ approval: { approvers: [robin, kim] } });
    organization.approvals.answer(approval.id, kim, 'approved');
    assert.equal(approval.status, 'pending');
    organization.approvals.answer(approval.id, robin, 'approved');
    assert.deepEqual(await outcome.then(({ result, approvers }) => [result, approvers]), [
      'passed',
      ['Robin Contoso', 'Kim Contoso'],
    ]);
  });

  it('takes the minimum of approvers, and asks them in sequence', async () => {
    const { outcome, approval } = await asked({ approval: { approvers: [robin, kim], inSequence: true, minimum: 2 } });
    assert.throws(() => organization.approvals.answer(approval.id, kim, 'approved'), /not the turn of Kim/);
    organization.approvals.answer(approval.id, robin, 'approved');
    organization.approvals.answer(approval.id, kim, 'approved');
    assert.equal((await outcome).result, 'passed');
    assert.throws(() => organization.approvals.answer(approval.id, kim, 'approved'), /approved already/);
  });

  it('takes no answer of a stranger, nor of who requested the run where that is not allowed', async () => {
    const { outcome, approval } = await asked({ approval: { approvers: [robin], requesterCannotApprove: true } });
    assert.throws(() => organization.approvals.answer(approval.id, person('Alex'), 'approved'), /Alex is no approver/);
    assert.throws(() => organization.approvals.answer(approval.id, robin, 'approved'), /may not approve it/);
    organization.approvals.answer(approval.id, robin, 'rejected', 'not on a Friday');
    const { result, message } = await outcome;
    assert.deepEqual([result, message], ['rejected', 'Robin Contoso rejected environment prod: not on a Friday']);
  });

  it('skips the stage when nobody answers in time', async () => {
    const { outcome } = await asked({ approval: { approvers: [robin], timeout: 60 } });
    organization.passMinutes(59);
    assert.equal(organization.approvals.pending.length, 1);
    organization.passMinutes(1);
    assert.equal((await outcome).result, 'skipped');
  });

  it('ends all waiting when the run is cancelled', async () => {
    const cancelling = new AbortController();
    const { outcome } = await asked({ approval: { approvers: [robin] } }, {}, cancelling.signal);
    cancelling.abort();
    assert.deepEqual([(await outcome).result, organization.approvals.pending.length], ['canceled', 0]);
  });

  it('lets stages behind an exclusive lock in one after the other, or the newest alone', async () => {
    organization.environments.add('prod', { exclusiveLock: true });
    const holder = await check({ lockBehavior: 'sequential' });
    const waiting = [check({ lockBehavior: 'sequential' }), check({ lockBehavior: 'sequential' })] as const;
    holder.release?.();
    const second = await waiting[0];
    assert.equal(second.result, 'passed');
    const latest = check({ lockBehavior: 'runLatest' });
    assert.equal((await waiting[1]).result, 'canceled');
    second.release?.();
    assert.equal((await latest).result, 'passed');
  });

  it('takes a stage whose run is cancelled out of the line for a lock', async () => {
    organization.environments.add('prod');
    const own = { locksItself: true, lockBehavior: 'sequential' } as const;
    const holder = await check(own);
    const cancelling = new AbortController();
    const given = check(own, cancelling.signal);
    const next = check(own);
    await Promise.resolve();
    cancelling.abort();
    assert.equal((await given).result, 'canceled');
    holder.release?.();
    assert.equal((await next).result, 'passed');
  });
});
