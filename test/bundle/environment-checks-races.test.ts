import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { PlayedEnvironment } from '../azure/devops/index.ts';
import type { RecordedRequest } from '../azure/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers, sampleEnvironment } from '../bench/sample-environment.ts';

const isPost =
  (end: string) =>
  ({ method, path }: RecordedRequest): boolean =>
    method === 'POST' && path.endsWith(end);

const is =
  (wanted: string) =>
  ({ method }: RecordedRequest): boolean =>
    method === wanted;

describe('EnvironmentChecks, beside others who write', () => {
  let bench: ChecksBench;
  before(async () => {
    bench = await ChecksBench.start();
    addApprovers(bench);
  });
  after(() => bench.close());

  function sound(step: StepResult): void {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  }

  function existing(name: string, role: 'Administrator' | 'Reader' = 'Administrator'): PlayedEnvironment {
    const environment = bench.organization.environments.add(name);
    environment.roles.set(bench.organization.buildService.id, role);
    return environment;
  }

  it('adopts an environment that somebody else makes at the same moment', async () => {
    bench.azure.gate({ match: isPost('/environments'), act: () => void existing('adopted') });
    const { result, writes } = await bench.requests(() => bench.apply([sampleEnvironment('adopted')]));
    sound(result);
    const all = bench.organization.environments.all.filter(({ name }) => name === 'adopted');
    assert.equal(all.length, 1);
    assert.equal(all[0]?.configurations.all.length, 7);
    assert.equal(all[0].description, 'Orders for customers');
    assert.equal(writes.filter((each) => each === 'POST pipelines/environments').length, 1);
    assert.doesNotMatch(result.log.join('\n'), /environment made/);
    sound(await bench.run([sampleEnvironment('adopted')]));
  });

  it('adopts an environment under another case of its name', async () => {
    existing('Adopted-Case');
    const { result, writes } = await bench.requests(() => bench.apply([sampleEnvironment('adopted-case')]));
    sound(result);
    assert.ok(!writes.includes('POST pipelines/environments'));
    assert.equal(bench.organization.environments.find('adopted-case')?.name, 'Adopted-Case');
  });

  it('says who may not see an environment that is there', async () => {
    bench.organization.environments.add('unseen').isVisible = false;
    const { result, writes } = await bench.requests(() => bench.apply([sampleEnvironment('unseen')]));
    assert.equal(result.result, 'Failed');
    assert.match(
      errorsOf(result),
      /HTTP 409.*Give the identity of the job .* the role Administrator on the environment unseen:/,
    );
    assert.deepEqual(writes, ['POST pipelines/environments']);
  });

  it('changes a check that somebody else adds at the same moment, and does not add a second', async () => {
    const environment = existing('other-check');
    const act = (): void => {
      environment.configurations.add('approval', { settings: { approvers: [{ id: bench.organization.owner.id }] } });
    };
    bench.azure.gate({ match: isPost('/configurations'), act });
    const { result, writes } = await bench.requests(() => bench.apply([sampleEnvironment('other-check')]));
    sound(result);
    const approvals = environment.configurations.all.filter(({ kind }) => kind === 'approval');
    assert.equal(approvals.length, 1);
    assert.ok(writes.includes(`PATCH pipelines/checks/configurations/${approvals[0]?.id}`), writes.join());
    sound(await bench.run([sampleEnvironment('other-check')]));
  });

  it('leaves a check alone that somebody else adds just as it is wanted', async () => {
    const environment = existing('same-check');
    bench.azure.gate({ match: isPost('/configurations'), act: () => void environment.configurations.add('lock', {}) });
    const entry = { name: 'same-check', exclusiveLock: true };
    const { result, writes } = await bench.requests(() => bench.apply([entry]));
    sound(result);
    assert.deepEqual(writes, ['POST pipelines/checks/configurations']);
    assert.equal(environment.configurations.all.length, 1);
    assert.equal(result.outputs['checksChanged'], '0');
  });

  it('changes a check again that somebody else changes at the same moment', async () => {
    const environment = existing('changed-check');
    const check = environment.configurations.add('lock', { timeout: 10 });
    bench.azure.gate({ match: is('PATCH'), act: () => environment.configurations.change(check, { timeout: 20 }) });
    const { result, writes } = await bench.requests(() =>
      bench.apply([{ name: 'changed-check', exclusiveLock: { timeout: 30 } }]),
    );
    sound(result);
    assert.equal(writes.length, 2);
    assert.deepEqual([check.timeout, check.version], [30, 3]);
  });

  it('adds a check again that somebody else takes away at the same moment', async () => {
    const environment = existing('lost-check');
    const check = environment.configurations.add('lock', { timeout: 10 });
    bench.azure.gate({ match: is('PATCH'), act: () => environment.configurations.remove(check) });
    sound(await bench.apply([{ name: 'lost-check', exclusiveLock: { timeout: 30 } }]));
    assert.deepEqual(
      environment.configurations.all.map(({ timeout }) => timeout),
      [30],
    );
  });

  it('is content when somebody else takes away first what it would', async () => {
    const environment = existing('gone-check');
    const check = environment.configurations.add('lock', {}, bench.organization.buildService);
    bench.azure.gate({ match: is('DELETE'), act: () => environment.configurations.remove(check) });
    sound(await bench.apply([{ name: 'gone-check', exclusiveLock: false }], { prune: 'true' }));
    assert.deepEqual(environment.configurations.all, []);
  });

  it('of its own kind, makes each environment once, and settles with prune what came twice', async () => {
    const entries = ['twin-1', 'twin-2'].map((name) => sampleEnvironment(name));
    const steps = await Promise.all([1, 2, 3].map(() => bench.apply(entries)));
    for (const step of steps) {
      assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
      assert.doesNotMatch(errorsOf(step), /could not be made|Unexpected error/);
    }
    sound(await bench.apply(entries, { prune: 'true' }));
    sound(await bench.run(entries));
    for (const name of ['twin-1', 'twin-2']) {
      const all = bench.organization.environments.all.filter((each) => each.name === name);
      assert.deepEqual(
        all.map(({ configurations }) => configurations.all.length),
        [7],
      );
    }
  });

  it('says that an environment was deleted before its checks were asked for', async () => {
    const environment = existing('deleted-early');
    existing('still-there');
    const act = (): void => bench.organization.environments.remove(environment);
    bench.azure.gate({ match: isPost('/queryconfigurations'), act });
    const step = await bench.run(['deleted-early', 'still-there'].map((name) => ({ name, exclusiveLock: true })));
    assert.equal(step.result, 'Failed');
    assert.match(
      errorsOf(step),
      /^The environment deleted-early was deleted while this step was at work, .* run the step again\.$/,
    );
  });

  it('says that an environment was deleted meanwhile, and not that a role is missing', async () => {
    const environment = existing('deleted');
    const act = (): void => bench.organization.environments.remove(environment);
    bench.azure.gate({ match: isPost('/configurations'), act });
    const step = await bench.apply([{ name: 'deleted', exclusiveLock: true }]);
    assert.equal(step.result, 'Failed');
    assert.match(errorsOf(step), /^The environment deleted was deleted while this step was at work/m);
    assert.doesNotMatch(errorsOf(step), /Give .* the role/);
  });
});

function errorsOf({ issues }: StepResult): string {
  return issues.flatMap(({ type, message }) => (type === 'error' ? [message] : [])).join('\n');
}
