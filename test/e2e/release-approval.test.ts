import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { person, type PlayedEnvironment } from '../azure/devops/index.ts';
import { refusalOf } from '../bench/refusal.ts';
import { startReleasePipeline, type ReleasePipeline } from '../bench/release-pipeline.ts';

const kim = person('Kim Contoso');
const asked = { requireApproval: 'true' };

describe('HelmReleaseDeploy that requires an approval', () => {
  let pipeline: ReleasePipeline;
  let production: PlayedEnvironment;

  before(async () => {
    pipeline = await startReleasePipeline({
      job: ({ job }) => ({
        variables: {
          'System.TeamProjectId': job.projectId,
          'System.StageName': 'production',
          'Build.BuildId': '8001',
          'Environment.Id': '1',
          'Environment.Name': 'prod-orders',
        },
      }),
    });
    production = pipeline.azure.organization.environments.add('prod-orders');
  });
  after(() => pipeline.close());
  beforeEach(() => {
    Object.assign(production.checks, { approval: { approvers: [kim] }, approvalDisabled: false });
    production.isVisible = true;
  });

  async function refused(step: StepResult, reason: RegExp): Promise<void> {
    assert.match(refusalOf(step), reason);
    assert.deepEqual(await pipeline.history(), []);
    assert.deepEqual(pipeline.job.secretLeaks(step), []);
  }

  it('is refused where the environment has no approval check, or one that is switched off', async () => {
    const none =
      /prod-orders has no approval check that is switched on: nothing was deployed\. Add one under Pipelines/;
    production.checks.approvalDisabled = true;
    await refused(await pipeline.deploy(asked), none);
    Object.assign(production.checks, { approval: undefined, exclusiveLock: true });
    await refused(await pipeline.deploy(asked), none);
    await refused(await pipeline.rollback({ ...asked, toRevision: '1' }), none);
  });

  it('is refused where that cannot be found out, and says whom to give which role', async () => {
    production.isVisible = false;
    await refused(
      await pipeline.deploy(asked),
      /cannot be found out, so nothing was deployed \(HTTP 403: The user does not have required permissions.*role Reader/,
    );
    const fault = pipeline.azure.fault({ kind: 'html', match: isAboutChecks });
    production.isVisible = true;
    await refused(await pipeline.deploy(asked), /cannot be found out/);
    assert.equal(fault.hits, 1);
  });

  it('is refused in a job that deploys to no environment', async () => {
    const other = await startReleasePipeline();
    try {
      assert.match(refusalOf(await other.deploy(asked)), /deploys to no environment: make it a deployment job/);
    } finally {
      await other.close();
    }
  });

  it('remembers who approved this stage, and shows it', async () => {
    const { organization } = pipeline.azure;
    const run = organization.queue({
      pipeline: 'orders-cd',
      branch: 'refs/heads/main',
      commit: '4f6c2a9',
      reason: 'Manual',
      requestedFor: 'Robin',
    });
    const checked = { run, attempt: 1, environments: ['prod-orders'], locksItself: false };
    const cancel = new AbortController().signal;
    organization.approvals.whenAsked((approval) => approval.answer(kim, 'approved'));
    await organization.check({ ...checked, stage: 'production' }, cancel);
    const step = await pipeline.deploy(asked);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const [revision] = await pipeline.history();
    assert.equal(revision?.labels['helm-delivery/approver'], kim.id);
    assert.match(pipeline.job.record.summaries.at(-1) ?? '', /Approved by \| Kim Contoso/);
  });

  it('deploys also where the service does not tell who approved', async () => {
    const fault = pipeline.azure.fault({ kind: '403', match: ({ path }) => path.endsWith('/timeline') });
    const step = await pipeline.deploy(asked);
    assert.equal(fault.hits, 1);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.ok(step.log.some((line) => line.startsWith('Who approved is not known: HTTP 403')));
    assert.equal((await pipeline.history()).at(-1)?.labels['helm-delivery/approver'], undefined);
  });
});

function isAboutChecks({ path }: { readonly path: string }): boolean {
  return path.endsWith('/checks/configurations');
}
