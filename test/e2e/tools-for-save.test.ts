import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { realProgram } from '../real/index.ts';

describe('HelmChartSave: the helm that it runs', () => {
  let pipeline: Pipeline;
  const start = async (helm: 'helm-3.17' | 'helm-4.1' | null): Promise<void> => {
    pipeline = await startPipeline({ helm });
    pipeline.addChart('hello');
  };
  afterEach(() => pipeline.close());

  const save = (helmVersion = ''): Promise<StepResult> =>
    pipeline.run('HelmChartSave', { name: 'save', inputs: { chartPath: 'charts/hello', helmVersion } });
  const downloads = (): string[] =>
    pipeline.azure.requests.filter(({ host }) => host === 'get.helm.sh').map((request) => request.path);

  it('is the one on PATH when it fits', async () => {
    await start('helm-3.17');

    const step = await save('3.x');

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(downloads(), []);
  });

  it('is installed when there is none, for this step alone', async () => {
    await start(null);
    await pipeline.azure.releases.publish({
      tool: 'helm',
      version: '4.2.3',
      executable: await realProgram('helm-4.2'),
    });

    const step = await save('4.2.x');

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(step.violations, []);
    assert.match(step.log.join('\n'), /There is no helm on the PATH of this agent, so the task installs one\./);
    assert.deepEqual(downloads(), [
      '/helm-latest-version',
      '/helm-v4.2.3-linux-amd64.tar.gz.sha256sum',
      '/helm-v4.2.3-linux-amd64.tar.gz',
    ]);
    const script = await pipeline.job.runScript({ name: 'show', script: 'command -v helm || echo none' });
    assert.equal(script.log.at(-1), 'none');
    assert.deepEqual(await pipeline.job.secretsOnDisk(), []);
  });

  it('is installed when the one on PATH is another, and gives the same bytes', async () => {
    await start('helm-3.17');
    await pipeline.azure.releases.publish({
      tool: 'helm',
      version: '4.2.3',
      executable: await realProgram('helm-4.2'),
    });

    const [first, second] = [await save(), await save('4.2.3')];

    assert.equal(second.result, 'Succeeded', second.log.join('\n'));
    assert.match(second.log.join('\n'), /The helm on PATH is 3\.17\.3, not 4\.2\.3, so the task installs one\./);
    assert.equal(second.outputs['archiveDigest'], first.outputs['archiveDigest']);
  });

  it('is spoken of when there is none and none can be had', async () => {
    await start(null);

    const step = await save();

    assert.equal(step.result, 'Failed');
    assert.match(
      messageOf(step),
      /^There is no helm on the PATH of this agent, and none could be installed: get\.helm\.sh has no helm 4\.1\.4 .* Or install it in a step before this one, for example with DeliveryToolsInstaller@1, which takes it from a mirror, too\.$/,
    );
  });
});
