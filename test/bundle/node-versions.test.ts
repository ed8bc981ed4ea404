import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pull, push, stageApp } from '../bench/chart-steps.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';

for (const major of ['20', '24'] as const) {
  describe(`On Node ${major}`, () => {
    let pipeline: Pipeline | undefined;
    afterEach(() => pipeline?.close());

    it('a chart is pushed and pulled', async function () {
      // The first run fetches this Node.
      this.timeout(300_000);
      pipeline = await startPipeline({ helm: null, node: major });
      stageApp(pipeline);
      const pushed = await push(pipeline);
      assert.equal(pushed.result, 'Succeeded', pushed.log.join('\n'));
      const pulled = await pull(pipeline, { unpack: 'true', chartDigest: pushed.outputs['chartDigest'] ?? '' });
      assert.equal(pulled.result, 'Succeeded', pulled.log.join('\n'));
      // task-lib's own vault would leave the key to the step's secrets on the agent, in the temporary or the working folder.
      const files = readdirSync(pipeline.job.folders.root, { recursive: true, encoding: 'utf8' });
      assert.ok(files.length > 0);
      assert.deepEqual(
        files.filter((file) => path.basename(file) === '.taskkey'),
        [],
      );
      assert.equal(existsSync('.taskkey'), false);
      for (const step of [pushed, pulled]) {
        assert.deepEqual(step.issues, []);
        assert.deepEqual(step.violations, []);
        assert.doesNotMatch(step.rawOutput, /Warning|DEP\d{4}/);
      }
    });
  });
}
