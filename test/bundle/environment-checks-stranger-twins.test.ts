import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { startJob, type StepResult } from '../agent/index.ts';
import type { CheckConfiguration } from '../azure/devops/configurations.ts';
import type { PlayedEnvironment } from '../azure/devops/index.ts';
import type { RecordedRequest } from '../azure/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers, sampleEnvironment } from '../bench/sample-environment.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/EnvironmentChecks');
const branches = (allowed: string): object => ({ name: 'orders', branches: [allowed] });

describe('EnvironmentChecks, beside another run of itself', () => {
  let bench: ChecksBench;
  beforeEach(async () => {
    bench = await ChecksBench.start();
    addApprovers(bench);
  });
  afterEach(() => bench.close());

  function sound(step: StepResult): void {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  }

  const found = (): PlayedEnvironment => bench.organization.environments.find('orders') ?? assert.fail();

  /** Makes the environment, and has somebody add a branch control at the moment when the next run does. */
  async function beside(allowed: string, when: 'before' | 'after'): Promise<() => CheckConfiguration> {
    sound(await bench.apply([branches(allowed)]));
    const { configurations } = found();
    const [{ settings, timeout } = assert.fail()] = configurations.all;
    configurations.all.toReversed().forEach((check) => configurations.remove(check));
    let other: CheckConfiguration | undefined;
    const act = (): void => {
      other = configurations.add('branchControl', { settings, timeout }, bench.organization.owner);
    };
    bench.azure.gate({ match: isNewCheck, when, act });
    return () => other ?? assert.fail();
  }

  it('takes its check back where the same was added just before it', async () => {
    const other = await beside('refs/tags/*', 'before');
    const { result, writes } = await bench.requests(() => bench.apply([branches('refs/tags/*')]));
    sound(result);
    assert.deepEqual(
      writes.map((each) => each.split(' ')[0]),
      ['POST', 'DELETE'],
    );
    assert.deepEqual(found().configurations.all, [other()]);
    assert.equal(result.outputs['checksChanged'], '0');
  });

  it('leaves its check where the same was added just after it, which the other takes back', async () => {
    const other = await beside('refs/tags/*', 'after');
    const { result, writes } = await bench.requests(() => bench.apply([branches('refs/tags/*')]));
    sound(result);
    assert.equal(writes.length, 1);
    assert.deepEqual(found().configurations.all.slice(1), [other()]);
  });

  it('takes nothing back where what was added beside it is not the same', async () => {
    await beside('refs/heads/other', 'before');
    const { result, writes } = await bench.requests(() => bench.apply([branches('refs/tags/*')]));
    sound(result);
    assert.equal(writes.length, 1);
    assert.equal(found().configurations.all.length, 2);
    assert.match(
      (await bench.run([branches('refs/tags/*')])).log.join('\n'),
      /Branch control +none +allowed: refs\/heads\/other/,
    );
  });

  it('makes each environment once, with each check once, when three runs begin at once', async () => {
    const environments = ['one', 'two', 'three'].map((name) => sampleEnvironment(name));
    const runs = await Promise.all([1, 2, 3].map(() => runElsewhere(bench, stringify({ version: 1, environments }))));
    for (const step of runs) sound(step);
    for (const { configurations } of bench.organization.environments.all)
      assert.equal(new Set(configurations.all.map(({ kind }) => kind)).size, configurations.all.length);
    const kinds = bench.organization.environments.all.map(({ configurations }) => configurations.all.length);
    assert.deepEqual(kinds, [7, 7, 7]);
    sound(await bench.run(environments));
  });
});

const isNewCheck = ({ method, path: address }: RecordedRequest): boolean =>
  method === 'POST' && address.endsWith('/checks/configurations');

/** Applies a file in a job of its own. */
async function runElsewhere({ azure }: ChecksBench, text: string): Promise<StepResult> {
  const job = await startJob({
    accessToken: azure.job.accessToken,
    variables: { 'System.TeamProjectId': azure.job.projectId, 'System.TeamProject': 'delivery' },
    environment: azure.environment,
  });
  writeFileSync(path.join(job.folders.sources, 'environment-checks.yaml'), text);
  const step = await job.runTask({ task, inputs: { mode: 'apply', file: 'environment-checks.yaml' } });
  await job.finish();
  await job.dispose();
  return step;
}
