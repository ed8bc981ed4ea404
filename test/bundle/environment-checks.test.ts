import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers, sampleEnvironment } from '../bench/sample-environment.ts';

describe('EnvironmentChecks', () => {
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

  it('makes an environment with every check, by one write each, and writes nothing the second time', async () => {
    const first = await bench.requests(() => bench.apply([sampleEnvironment('every-check')]));
    sound(first.result);
    const found = bench.organization.environments.find('every-check') ?? assert.fail();
    assert.deepEqual(first.writes, [
      'POST pipelines/environments',
      ...Array.from({ length: 7 }, () => 'POST pipelines/checks/configurations'),
      `PATCH pipelines/pipelinepermissions/environment/${found.id}`,
    ]);
    const { driftFound, checksChanged, environmentId } = first.result.outputs;
    assert.deepEqual([driftFound, checksChanged, environmentId], ['true', '8', String(found.id)]);
    assert.match(first.result.log.join('\n'), /1 environment made\. 8 checks and permissions changed\./);

    const second = await bench.requests(() => bench.apply([sampleEnvironment('every-check')]));
    sound(second.result);
    assert.deepEqual(second.writes, []);
    assert.deepEqual(second.result.outputs, {
      driftFound: 'false',
      checksChanged: '0',
      environmentId: String(found.id),
    });
    assert.match(
      second.result.log.join('\n'),
      /Nothing to change: 1 environment is as environment-checks\.yaml says\./,
    );
  });
});
