import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startPipeline } from '../bench/pipeline.ts';

const to = { azureSubscription: 'contoso-azure', registry: 'contoso.azurecr.io' };

describe('the tasks', () => {
  const digests: (string | undefined)[] = [];

  for (const major of ['20', '24'] as const) {
    it(`save, push and pull on Node ${major}`, async () => {
      const pipeline = await startPipeline({ node: major });
      try {
        const chartPath = pipeline.addChart('hello');
        pipeline.commit('2026-03-01T12:00:00Z');

        const save = await pipeline.run('HelmChartSave', { name: 'save', inputs: { chartPath } });
        const push = await pipeline.run('HelmChartPush', {
          name: 'push',
          inputs: { ...to, chartPath: '$(save.chartPath)' },
        });
        const pull = await pipeline.run('HelmChartPull', {
          inputs: {
            azureSubscription: 'contoso-azure',
            chartRef: '$(push.chartDigestRef)',
            destination: path.join(pipeline.job.folders.temp, 'pulled'),
          },
        });

        for (const step of [save, push, pull]) {
          assert.equal(step.result, 'Succeeded', step.log.join('\n'));
          assert.deepEqual(step.violations, []);
          assert.doesNotMatch(step.rawOutput, /Warning:/);
        }
        const [saved = '', pulled = ''] = [save.outputs['chartPath'], pull.outputs['chartPath']];
        assert.ok((await readFile(saved)).equals(await readFile(pulled)));
        digests.push(push.outputs['chartDigest']);
      } finally {
        await pipeline.close();
      }
    });
  }

  it('make the same of a chart on both', () => {
    assert.equal(digests.length, 2);
    assert.equal(digests[0], digests[1]);
  });
});
