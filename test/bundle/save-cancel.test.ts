import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CancelTimes, StepResult } from '../agent/index.ts';
import { dockerConnection } from '../bench/connections.ts';
import { installFakeHelm } from '../bench/fake-helm.ts';
import { loginServer, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

/** An agent that does not insist, so that only a step that ends by itself ends. */
const untilItEnds = { interrupt: 600_000, terminate: 600_000 };

describe('HelmChartSave: cancelled', () => {
  let pipeline: Pipeline;
  afterEach(() => pipeline.close());

  async function start(cancelTimes: Partial<CancelTimes> = {}): Promise<void> {
    const connections = [dockerConnection(loginServer, 'puller', 'password-of-the-puller')];
    pipeline = await startPipeline({ connections, job: { cancelTimes } });
    const dependencies = `dependencies:\n- {name: common, version: 1.x, repository: "oci://${loginServer}/helm"}\n`;
    writeFiles(path.join(pipeline.job.folders.sources, 'app'), {
      'Chart.yaml': chartYaml('app', '1.0.0', dependencies),
    });
    pipeline.addChart('hello');
  }

  /** Runs the task, and cancels as soon as helm says `here`. */
  async function cancelledSave(): Promise<StepResult> {
    const controller = new AbortController();
    return pipeline.run('HelmChartSave', {
      inputs: { chartPath: 'app', containerRegistry: 'contoso-docker' },
      cancel: controller.signal,
      onLine: (line) => {
        if (line.startsWith('here')) controller.abort();
      },
    });
  }

  const privateFolders = (): string[] =>
    readdirSync(pipeline.job.folders.temp).filter((name) => name.startsWith('helm-delivery-'));

  it('stops helm, leaves nothing behind and can run again', async () => {
    await start(untilItEnds);
    await installFakeHelm(pipeline, '[ "$1" = dependency ] && echo here && exec sleep 600\nreal');

    const step = await cancelledSave();

    assert.equal(step.result, 'Canceled', step.log.join('\n'));
    assert.equal(step.leftProcesses, false);
    assert.deepEqual(step.violations, []);
    assert.deepEqual(privateFolders(), []);
    const again = await pipeline.run('HelmChartSave', { inputs: { chartPath: 'charts/hello' }, condition: 'always()' });
    assert.equal(again.result, 'Succeeded', again.log.join('\n'));
  });

  it('kills a helm that does not listen', async () => {
    await start(untilItEnds);
    await installFakeHelm(pipeline, '[ "$1" = dependency ] && { trap "" TERM; echo here; exec sleep 600; }\nreal');

    const step = await cancelledSave();

    assert.equal(step.result, 'Canceled', step.log.join('\n'));
    assert.equal(step.leftProcesses, false);
    assert.deepEqual(privateFolders(), []);
  });

  it('so hard that it cannot clean up, leaves that to its post-job step', async () => {
    await start({ interrupt: 1, terminate: 1, output: 50 });
    await installFakeHelm(
      pipeline,
      '[ "$1" = dependency ] && { trap "" TERM; echo "here $(stat -c %a "$HELM_REGISTRY_CONFIG")"; exec sleep 600; }\nreal',
    );

    const step = await cancelledSave();

    assert.equal(step.result, 'Canceled');
    assert.match(step.rawOutput, /^here 600$/m);
    const [folder = ''] = privateFolders();
    const config = path.join(pipeline.job.folders.temp, folder, 'registry-config.json');
    assert.match(readFileSync(config, 'utf8'), /contoso\.azurecr\.io/);

    const { postJobSteps } = await pipeline.job.finish();

    assert.deepEqual(
      postJobSteps.map(({ result }) => result),
      ['Succeeded'],
    );
    assert.deepEqual(privateFolders(), []);
    assert.deepEqual(await pipeline.job.secretsOnDisk(), []);
  });
});
