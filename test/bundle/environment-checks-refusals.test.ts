import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { PlayedEnvironment } from '../azure/devops/index.ts';
import type { RecordedRequest } from '../azure/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers, type Approvers, sampleEnvironment } from '../bench/sample-environment.ts';

const advice = (environment: string): RegExp =>
  new RegExp(
    `Give the identity of the job \\('delivery Build Service \\(contoso\\)'.*the role Administrator on the environment ${environment}: ` +
      `Pipelines, Environments, ${environment}, Security`,
  );

describe('EnvironmentChecks, refused', () => {
  let bench: ChecksBench;
  let approvers: Approvers;
  before(async () => {
    bench = await ChecksBench.start();
    approvers = addApprovers(bench);
  });
  after(() => bench.close());

  function existing(name: string, role: 'Administrator' | 'Reader' = 'Reader'): PlayedEnvironment {
    const environment = bench.organization.environments.add(name);
    environment.roles.set(bench.organization.buildService.id, role);
    return environment;
  }

  const busy = (times: number, retryAfter: string): { readonly hits: number } =>
    bench.azure.fault({ kind: '429', times, retryAfter, match: isWriteOfCheck('POST') });

  /** Applies, expects a refusal, and gives its errors and what was written. */
  async function refused(
    environments: readonly object[],
    inputs: Record<string, string> = {},
  ): Promise<{ said: string; writes: readonly string[]; step: StepResult }> {
    const { result: step, writes } = await bench.requests(() => bench.apply(environments, inputs));
    assert.equal(step.result, 'Failed', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
    const errors = step.issues.filter(({ type }) => type === 'error').map(({ message }) => message);
    assert.doesNotMatch(errors.join('\n'), /Unexpected error/);
    return { said: errors.join('\n'), writes, step };
  }

  describe('by a role that is missing, names environment and role', () => {
    it('for a new check', async () => {
      existing('no-add');
      const { said, writes } = await refused([{ name: 'no-add', exclusiveLock: true }]);
      assert.match(
        said,
        /did not add Exclusive lock of the environment no-add \(HTTP 403: Access denied: .* needs Manage permissions/,
      );
      assert.match(said, advice('no-add'));
      assert.deepEqual(writes, ['POST pipelines/checks/configurations']);
    });

    it('for a changed check', async () => {
      const check = existing('no-change').configurations.add('lock', { timeout: 5 });
      const { said, writes } = await refused([{ name: 'no-change', exclusiveLock: true }]);
      assert.match(said, /did not change Exclusive lock of the environment no-change \(HTTP 403/);
      assert.match(said, advice('no-change'));
      assert.deepEqual(writes, [`PATCH pipelines/checks/configurations/${check.id}`]);
    });

    it('for a check that is taken away', async () => {
      existing('no-remove').configurations.add('lock', {}, bench.organization.buildService);
      const { said } = await refused([{ name: 'no-remove', exclusiveLock: false }], { prune: 'true' });
      assert.match(said, /did not remove Exclusive lock of the environment no-remove \(HTTP 403/);
      assert.match(said, advice('no-remove'));
    });

    it('for a description', async () => {
      existing('no-describe');
      const { said } = await refused([{ name: 'no-describe', description: 'x' }]);
      assert.match(said, /did not change Description of the environment no-describe \(HTTP 403/);
      assert.match(said, advice('no-describe'));
    });

    it('for permissions of pipelines', async () => {
      existing('no-permit');
      const { said } = await refused([{ name: 'no-permit', pipelines: ['orders-cd'] }]);
      assert.match(said, /did not change which pipelines may use the environment no-permit \(HTTP 403/);
      assert.match(said, advice('no-permit'));
    });

    it('for a new environment: Creator', async () => {
      const { environmentCreators, buildService } = bench.organization;
      environmentCreators.delete(buildService.id);
      const { said, writes } = await refused([sampleEnvironment('no-create')]);
      environmentCreators.add(buildService.id);
      assert.match(
        said,
        /did not make the environment no-create \(HTTP 403: Access denied: .* needs Create permissions/,
      );
      assert.match(
        said,
        /Give the identity of the job .* the role Creator for all environments: Pipelines, Environments, Security/,
      );
      assert.deepEqual(writes, ['POST pipelines/environments']);
    });

    it('to see the checks of an environment: Reader', async () => {
      existing('seen');
      existing('half-seen');
      const fault = bench.azure.fault({
        kind: '403',
        times: Infinity,
        match: ({ path }) => path.endsWith('/queryconfigurations'),
      });
      const entries = ['seen', 'half-seen'].map((name) => ({ name, exclusiveLock: true }));
      const { said, writes } = await refused(entries);
      fault.lift();
      assert.match(
        said,
        /did not show the checks of the environment half-seen \(HTTP 403.*the role Reader on the environment half-seen/,
      );
      assert.deepEqual(writes, []);
    });
  });

  it('on one environment, still makes the others, and tells what it did', async () => {
    existing('one-of-two');
    const { said, step } = await refused([
      { name: 'one-of-two', exclusiveLock: true },
      sampleEnvironment('two-of-two'),
    ]);
    assert.match(said, /1 of 2 environments could not be made as environment-checks\.yaml says: the errors say why\./);
    assert.equal(bench.organization.environments.find('two-of-two')?.configurations.all.length, 7);
    assert.equal(step.outputs['checksChanged'], '8');
    assert.equal(step.outputs['driftFound'], 'true');
  });

  it('in the middle of an environment, tells what it did to it before', async () => {
    const fault = bench.azure.fault({ kind: '403', skip: 2, match: isWriteOfCheck('POST') });
    const { step } = await refused([sampleEnvironment('half-made')]);
    fault.lift();
    assert.equal(step.outputs['checksChanged'], '2');
    const log = step.log.join('\n');
    assert.match(
      log,
      /half-made: made Environment; added Approvals, Pre-check approvals; not done Post-check approvals, /,
    );
    assert.equal(log.match(/^half-made .* not done$/gm)?.length, 6);
    assert.doesNotMatch(log, /differences? left/);
  });

  describe('a change with HTTP 400', () => {
    it('once, sends it again', async () => {
      const check = existing('once', 'Administrator').configurations.add('lock', { timeout: 5 });
      bench.azure.fault({ kind: '400', match: isWriteOfCheck('PATCH') });
      const step = await bench.apply([{ name: 'once', exclusiveLock: true }]);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(check.timeout, 43_200);
    });

    it('always, fails with the words of the service after the second, and takes nothing away', async () => {
      const environment = existing('always', 'Administrator');
      environment.checks.approval = { approvers: [approvers.bob, approvers.ada], minimum: 1 };
      const before = JSON.stringify(environment.configurations.all);
      const fault = bench.azure.fault({
        kind: '400',
        says: 'minRequiredApprovers',
        times: Infinity,
        match: isWriteOfCheck('PATCH'),
      });
      const { said, writes } = await refused([{ name: 'always', approvals: ['ada.lovelace@contoso.example'] }]);
      fault.lift();
      assert.match(said, /did not change Approvals of the environment always \(HTTP 400: minRequiredApprovers\)/);
      assert.deepEqual(new Set(writes.map((each) => each.split(' ')[0])), new Set(['PATCH']));
      assert.equal(writes.length, 2);
      assert.equal(JSON.stringify(environment.configurations.all), before);
    });

    it('for a minimum of a single approver does not come about', async () => {
      const environment = existing('single', 'Administrator');
      environment.checks.approval = { approvers: [approvers.bob, approvers.ada], minimum: 1 };
      bench.organization.refusesMinimumOfOne = true;
      const entry = { name: 'single', approvals: { approvers: ['Ada Lovelace'], minimum: 1 } };
      const { result, writes } = await bench.requests(() => bench.apply([entry]));
      bench.organization.refusesMinimumOfOne = false;
      assert.equal(result.result, 'Succeeded', result.log.join('\n'));
      assert.equal(writes.length, 1);
    });
  });

  describe('by a busy service (HTTP 429)', () => {
    it('four times, asks a fifth time and writes once', async () => {
      const environment = existing('busy', 'Administrator');
      const fault = busy(4, '0');
      const step = await bench.apply([{ name: 'busy', exclusiveLock: true }]);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(fault.hits, 4);
      assert.equal(environment.configurations.all.length, 1);
    });

    it('five times, gives up and says so', async () => {
      existing('too-busy', 'Administrator');
      const fault = busy(5, '0');
      const { said, writes } = await refused([{ name: 'too-busy', exclusiveLock: true }]);
      assert.equal(fault.hits, 5);
      assert.equal(writes.length, 5);
      assert.match(
        said,
        /did not add Exclusive lock of the environment too-busy \(HTTP 429: .*It was asked five times/,
      );
    });

    it('waits as long as it says', async () => {
      existing('later', 'Administrator');
      busy(1, '2');
      const { result, all } = await bench.requests(() => bench.apply([{ name: 'later', exclusiveLock: true }]));
      assert.equal(result.result, 'Succeeded', result.log.join('\n'));
      assert.match(result.log.join('\n'), /dev\.azure\.com answers HTTP 429; waiting 2 s\./);
      const [first, second] = all.filter(isWriteOfCheck('POST'));
      assert.ok(first?.ended !== undefined && second !== undefined);
      // Timers may be early by a millisecond.
      assert.ok(second.begun - first.ended > 1990);
    });

    it('for longer than a step may wait, says so at once, and what it did before', async () => {
      const fault = bench.azure.fault({
        kind: '429',
        skip: 1,
        times: Infinity,
        retryAfter: '1e12',
        match: isWriteOfCheck('POST'),
      });
      const { said, step } = await refused([sampleEnvironment('much-later')]);
      fault.lift();
      assert.match(said, /dev\.azure\.com is overloaded \(HTTP 429\) and asks to come back in/);
      assert.equal(step.outputs['checksChanged'], '1');
    });
  });
});

function isWriteOfCheck(wanted: string): (request: RecordedRequest) => boolean {
  return ({ method, path }) => method === wanted && path.includes('/checks/configurations');
}
