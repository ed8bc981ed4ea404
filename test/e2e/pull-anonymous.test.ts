import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chartArchive, pull, seedApp } from '../bench/chart-steps.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

describe('HelmChartPull without a connection', () => {
  let pipeline: Pipeline;
  before(async () => {
    pipeline = await startPipeline({ helm: null });
    await seedApp(pipeline);
  });
  after(() => pipeline.close());

  const reference = 'oci://contoso.azurecr.io/helm/app:1.2.3';
  const byReference = { registry: '', repository: '', chartVersion: '', chartRef: reference };
  for (const [what, inputs] of [
    ['the login server', {}],
    ['a whole reference alone', byReference],
  ] as const) {
    it(`pulls what a registry gives to everybody, by ${what}`, async () => {
      pipeline.registry.settings.anonymousPull = true;
      const before = pipeline.azure.requests.length;

      const step = await pull(pipeline, { azureSubscription: '', ...inputs });

      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.deepEqual(readFileSync(step.outputs['chartPath'] ?? ''), chartArchive('app', '1.2.3'));
      const requests = pipeline.azure.requests.slice(before);
      assert.deepEqual([...new Set(requests.map(({ method }) => method))], ['GET']);
      assert.ok(requests.every(({ host }) => !/login|dev\.azure/.test(host)));
    });
  }

  it('says which connection to give where the registry wants one', async () => {
    pipeline.registry.settings.anonymousPull = false;
    const message = refusalOf(await pull(pipeline, { azureSubscription: '' }));
    assert.match(message, /^contoso\.azurecr\.io does not give helm\/app to everybody \(HTTP 401 UNAUTHORIZED: /);
    assert.match(
      message,
      /as input azureSubscription, whose identity needs AcrPull .*, or containerRegistry, with user/,
    );
  });
});
