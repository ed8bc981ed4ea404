import assert from 'node:assert/strict';
import type { ChecksOutcome, RunSources } from '../../agent/pipelines/run/service.ts';
import { type Approval, type EnvironmentChecks, type Organization, person } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';

const [robin, kim, alex] = [person('Robin Contoso'), person('Kim Contoso'), person('Alex Contoso')];
const officeHours = { days: ['Monday', 'Tuesday'], from: '09:00', to: '17:00' };

/** Lets all that is due happen. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('Checks of the played organisation', () => {
  let azure: Azure;
  let organization: Organization;
  let asked: Approval[];
  beforeEach(async () => {
    azure = await startAzure();
    organization = azure.organization;
    asked = [];
    organization.approvals.whenAsked((approval) => asked.push(approval));
  });
  afterEach(() => azure.close());

  function check(checks: EnvironmentChecks, cancel = new AbortController().signal): Promise<ChecksOutcome> {
    organization.environments.add('prod', checks);
    return checkOf('prod', { refs: [] }, cancel);
  }

  /** Of a run with these sources. */
  function checkOf(
    environment: string,
    sources: RunSources,
    cancel = new AbortController().signal,
  ): Promise<ChecksOutcome> {
    const queued = { pipeline: 'cd', branch: 'refs/heads/main', commit: 'c', reason: 'Manual', requestedFor: 'Robin' };
    const run = organization.queue({ ...queued, sources });
    const stage = { run, stage: 'production', attempt: 1, environments: [environment], locksItself: false };
    return organization.check(stage, cancel);
  }

  const names = (): string[] => asked.map(({ check: { approvers } }) => approvers[0]?.displayName ?? '');

  it('ask people before, among and after the other checks, in this order', async () => {
    const [preApproval, approval, postApproval] = [robin, kim, alex].map((each) => ({ approvers: [each] }));
    const outcome = check({ postApproval, approval, preApproval });
    for (const next of [robin, kim, alex]) {
      await settled();
      assert.equal(names().at(-1), next.displayName);
      organization.approvals.pending[0]?.answer(next, 'approved');
    }
    const { result, approvers } = await outcome;
    assert.deepEqual([result, approvers], ['passed', ['Robin Contoso', 'Kim Contoso', 'Alex Contoso']]);
  });

  it('ask nobody more once somebody said no', async () => {
    const outcome = check({ preApproval: { approvers: [robin] }, approval: { approvers: [kim] } });
    await settled();
    asked[0]?.answer(robin, 'rejected');
    assert.equal((await outcome).result, 'rejected');
    assert.deepEqual(names(), ['Robin Contoso']);
  });

  it('ask nobody by an approval that is switched off, which must be there for that', async () => {
    const { result } = await check({ approval: { approvers: [kim] }, approvalDisabled: true });
    assert.deepEqual([result, names()], ['passed', []]);
    assert.throws(() => organization.environments.add('qa', { approvalDisabled: true }), /no approval to switch off/);
  });

  it('wait for business hours', async () => {
    let isOver = false;
    const outcome = check({ businessHours: officeHours }).finally(() => (isOver = true));
    organization.passMinutes(59);
    await settled();
    assert.equal(isOver, false);
    organization.passMinutes(1);
    assert.equal((await outcome).result, 'passed');
  });

  it('fail the stage whose business hours do not come in time, and ask nobody any longer', async () => {
    const outcome = check({ businessHours: { ...officeHours, timeout: 30 }, approval: { approvers: [kim] } });
    await settled();
    organization.passMinutes(30);
    const { result, message } = await outcome;
    assert.deepEqual([result, message], ['rejected', 'The business hours of environment prod did not come in time.']);
    assert.equal(organization.approvals.pending.length, 0);
  });

  it('end a wait for business hours when the run is cancelled', async () => {
    const cancelling = new AbortController();
    const outcome = check({ businessHours: officeHours }, cancelling.signal);
    await settled();
    cancelling.abort();
    assert.equal((await outcome).result, 'canceled');
  });

  it('judge the refs of all repositories of a run by branch control', async () => {
    organization.environments.add('prod', { allowedBranches: ['refs/heads/main'] });
    assert.equal((await checkOf('prod', { refs: ['refs/heads/main'] })).result, 'passed');
    const { result, message } = await checkOf('prod', { refs: ['refs/heads/main', 'refs/tags/v1'] });
    assert.deepEqual(
      [result, message],
      ['rejected', 'Branch control of environment prod does not allow refs/tags/v1.'],
    );
  });

  it('want one of the required templates to be extended', async () => {
    const given = { type: 'git', repository: 'templates', ref: 'refs/heads/main', path: '/cd.yml' };
    const wanted = {
      repositoryType: 'git',
      repositoryName: 'delivery/Templates',
      repositoryRef: 'refs/heads/main',
      templatePath: 'cd.yml',
    };
    const other = { ...wanted, templatePath: 'other.yml' };
    organization.environments
      .add('prod')
      .configurations.add('template', { settings: { extendsChecks: [other, wanted] } });
    assert.equal((await checkOf('prod', { refs: [], extended: given })).result, 'passed');
    const wrong = [
      undefined,
      { ...given, type: 'github' },
      { ...given, repository: 'contoso/templates' },
      { ...given, ref: 'refs/heads/other' },
      { ...given, path: '/templates/cd.yml' },
    ];
    for (const extended of wrong) {
      const { result, message } = await checkOf('prod', { refs: [], ...(extended && { extended }) });
      assert.deepEqual(
        [result, message],
        ['rejected', 'The pipeline does not extend a template that environment prod requires.'],
      );
    }
  });

  it('refuse a stage whose environment is gone, or has its permission no more', async () => {
    const refused = {
      result: 'rejected',
      approvers: [],
      message:
        'Environment prod could not be found. The environment does not exist or has not been authorized for use.',
    };
    const environment = organization.environments.add('prod');
    environment.isRestricted = true;
    const { id } = organization.pipelines.named('cd');
    assert.deepEqual(await checkOf('prod', { refs: [] }), refused);
    environment.permittedPipelines.set(id, organization.stamp());
    assert.equal((await checkOf('PROD', { refs: [] })).result, 'passed');
    organization.environments.remove(environment);
    assert.deepEqual(await checkOf('prod', { refs: [] }), refused);
  });

  it('refuse a stage behind branch control that wants protected branches, which are not played', async () => {
    const inputs = { allowedBranches: 'refs/heads/*', ensureProtectionOfBranch: 'True' };
    organization.environments.add('prod').configurations.add('branchControl', { settings: { inputs } });
    assert.match((await checkOf('prod', { refs: [] })).message ?? '', /wants protected branches, which is not played/);
  });

  it('refuse a stage behind a check that is not played, unless that is switched off', async () => {
    const environment = organization.environments.add('other');
    const made = environment.configurations.add('restApi', {});
    const run = organization.queue({ pipeline: 'cd', branch: 'b', commit: 'c', reason: 'Manual', requestedFor: 'Kim' });
    const stage = { run, stage: 'production', attempt: 1, environments: ['other'], locksItself: false };
    const again = (): Promise<ChecksOutcome> => organization.check(stage, new AbortController().signal);
    assert.match((await again()).message ?? '', /kind restApi, which is not played/);
    made.isDisabled = true;
    assert.equal((await again()).result, 'passed');
  });
});
