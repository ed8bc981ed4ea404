import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { chartArchive, pull, push, stage } from '../bench/chart-steps.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';

describe('A chart with names that only Windows minds', () => {
  let pipeline: Pipeline;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    pipeline = await startPipeline({ helm: null });
    const files = ['app/files/aux.txt', 'app/files/a:b'].map((name) => ({ name, body: 'x' }));
    stage(pipeline, 'app-1.2.3.tgz', chartArchive('app', '1.2.3', '', ...files));
  });
  after(() => pipeline.close());

  it('is pushed, pulled and unpacked elsewhere, each with a warning', async () => {
    assertWarned(await push(pipeline));
    const destination = path.join(pipeline.job.folders.temp, 'pulled');
    const step = await pull(pipeline, { destination, unpack: 'true' });
    assertWarned(step);
    for (const name of ['aux.txt', 'a:b']) assert.ok(existsSync(path.join(destination, 'app/files', name)), name);
  });
});

function assertWarned({ result, log, issues }: StepResult): void {
  assert.equal(result, 'Succeeded', log.join('\n'));
  assert.deepEqual(
    issues.map(({ message }) => message),
    ['The chart holds "app/files/aux.txt", which has the name of a device on Windows: there it cannot be unpacked.'],
  );
}
