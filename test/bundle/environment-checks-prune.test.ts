import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { PlayedEnvironment } from '../azure/devops/index.ts';
import type { RecordedRequest } from '../azure/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers, type Approvers } from '../bench/sample-environment.ts';

const none = {
  approvals: false,
  preApprovals: [],
  postApprovals: false,
  branches: [],
  businessHours: false,
  exclusiveLock: [],
  requiredTemplates: [],
  pipelines: [],
};
const prune = { prune: 'true' };

describe('EnvironmentChecks, on what the file wants none of', () => {
  let bench: ChecksBench;
  let approvers: Approvers;
  before(async () => {
    bench = await ChecksBench.start();
    approvers = addApprovers(bench);
    for (const name of ['stock-cd', 'billing-cd']) bench.organization.pipelines.add(name);
  });
  after(() => bench.close());

  function sound(step: StepResult): void {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  }

  /** An environment that a person made, and the step may manage. */
  function existing(name: string): PlayedEnvironment {
    const environment = bench.organization.environments.add(name);
    environment.roles.set(bench.organization.buildService.id, 'Administrator');
    return environment;
  }

  /** One with a check and a permission of each of two: the step's identity and a person. */
  function ofTwo(name: string): PlayedEnvironment {
    const environment = existing(name);
    const { buildService, owner, stamp } = bench.organization;
    environment.configurations.add('lock', {}, buildService);
    environment.configurations.add('approval', { settings: { approvers: [{ id: approvers.ada.id }] } }, owner);
    environment.permittedPipelines.set(1, stamp(buildService));
    environment.permittedPipelines.set(2, stamp(owner));
    return environment;
  }

  it('tells of everything and takes away nothing without prune', async () => {
    const environment = ofTwo('kept');
    const { result, writes } = await bench.requests(() => bench.apply([{ name: 'kept', ...none }]));
    assert.equal(result.result, 'Failed');
    assert.deepEqual(writes, []);
    assert.equal(environment.configurations.all.length, 2);
    const log = result.log.join('\n');
    assert.equal(log.match(/left: it is taken away only with input prune$/gm)?.length, 4);
    assert.match(log, /4 differences left, which this step may not take away: see the table\./);
    const warned = await bench.apply([{ name: 'kept', ...none }], { onDrift: 'warn' });
    assert.equal(warned.result, 'SucceededWithIssues');
  });

  it("takes away its own with prune, and leaves a person's to a person", async () => {
    const environment = ofTwo('pruned');
    const { result, writes } = await bench.requests(() => bench.apply([{ name: 'pruned', ...none }], prune));
    assert.equal(result.result, 'Failed');
    assert.deepEqual(
      writes.map((each) => each.split(' ')[0]),
      ['PATCH', 'DELETE'],
    );
    assert.deepEqual(
      environment.configurations.all.map(({ kind }) => kind),
      ['approval'],
    );
    assert.deepEqual([...environment.permittedPipelines.keys()], [2]);
    const log = result.log.join('\n');
    assert.match(log, /left: Sasha Contoso made it, so it has to be taken away by hand/);
    assert.match(log, /left: somebody else let it, so it has to be taken away by hand/);
  });

  it('takes away nothing in mode check, though prune is given', async () => {
    ofTwo('checked');
    const { result, writes } = await bench.requests(() => bench.run([{ name: 'checked', ...none }], prune));
    assert.equal(result.result, 'Failed');
    assert.deepEqual(writes, []);
  });

  it('does not ask who asks without prune', async () => {
    ofTwo('unasked');
    const { all } = await bench.requests(() => bench.run([{ name: 'unasked', ...none }]));
    assert.ok(!all.some(({ path }) => /connectiondata/i.test(path)));
  });

  it('takes away its own twin of a wanted check, the younger of the two', async () => {
    const { configurations } = existing('twins');
    const [older] = [1, 2].map(() => configurations.add('lock', {}, bench.organization.buildService));
    sound(await bench.apply([{ name: 'twins', exclusiveLock: true }]));
    assert.equal(configurations.all.length, 2);
    sound(await bench.apply([{ name: 'twins', exclusiveLock: true }], prune));
    assert.deepEqual(configurations.all, [older]);
  });

  it('takes away nothing when it cannot find out who asks, and says so', async () => {
    const environment = ofTwo('unknown');
    const fault = bench.azure.fault({
      kind: '403',
      times: Infinity,
      match: ({ path }) => /connectiondata/i.test(path),
    });
    const { result, writes } = await bench.requests(() => bench.apply([{ name: 'unknown', ...none }], prune));
    fault.lift();
    assert.equal(result.result, 'Failed');
    assert.deepEqual(writes, []);
    assert.equal(environment.configurations.all.length, 2);
    assert.match(result.log.join('\n'), /left: whose it is could not be found out/);
  });

  it('takes away a second check beside the wanted one, and never the wanted one', async () => {
    const { buildService } = bench.organization;
    const { configurations } = existing('second');
    const inputs = { allowedBranches: 'refs/heads/main', ensureProtectionOfBranch: 'false' };
    const definitionRef = { name: 'evaluatebranchProtection', version: '0.0.1' };
    const other = { ...inputs, allowedBranches: '*' };
    configurations.add('branchControl', { settings: { definitionRef, inputs: other } }, buildService);
    const wanted = configurations.add('branchControl', { settings: { definitionRef, inputs } }, buildService);
    configurations.add('branchControl', { settings: { definitionRef, inputs: other } }, buildService);
    sound(await bench.apply([{ name: 'second', branches: ['refs/heads/main'] }], prune));
    assert.deepEqual(
      configurations.all.map(({ id }) => id),
      [wanted.id],
    );
  });

  it('leaves no moment without the protection that there was, in whichever order', async () => {
    const { buildService } = bench.organization;
    const environment = existing('protected');
    const { configurations } = environment;
    configurations.add('approval', { settings: { approvers: [{ id: approvers.ada.id }] } }, buildService);
    configurations.add('approval', { settings: { approvers: [{ id: approvers.leads.id }] } }, buildService);
    configurations.add('lock', {}, buildService);
    const approvals: number[] = [];
    const match = ({ method, path }: RecordedRequest): boolean => {
      if (method !== 'GET' && path.includes('/_apis/pipelines/'))
        approvals.push(configurations.enabled('approval').length);
      return false;
    };
    const watch = bench.azure.gate({ match, act: () => undefined });
    const entry = {
      name: 'protected',
      approvals: ['bob.example@contoso.example'],
      exclusiveLock: false,
      pipelines: ['orders-cd'],
    };
    sound(await bench.apply([entry], prune));
    watch();
    assert.ok(approvals.length >= 4 && approvals.every((count) => count > 0), approvals.join());
    assert.deepEqual(
      configurations.enabled('approval').map(({ settings }) => settings['approvers']),
      [[{ displayName: null, id: approvers.bob.id }]],
    );
  });

  it('tells that all pipelines may use it, which it does not end', async () => {
    const environment = existing('open');
    environment.openToAll = bench.organization.stamp();
    const { result, writes } = await bench.requests(() =>
      bench.apply([{ name: 'open', pipelines: ['orders-cd'] }], prune),
    );
    assert.equal(result.result, 'Failed');
    assert.equal(writes.length, 1);
    assert.match(
      result.log.join('\n'),
      /every pipeline may use it +left: it takes a person to restrict it: .*Restrict permission/,
    );
  });

  it('leaves alone what the file does not name', async () => {
    const environment = ofTwo('unmanaged');
    const { result, writes } = await bench.requests(() => bench.apply([{ name: 'unmanaged' }], prune));
    sound(result);
    assert.deepEqual(writes, []);
    assert.deepEqual([environment.configurations.all.length, environment.permittedPipelines.size], [2, 2]);
  });
});
