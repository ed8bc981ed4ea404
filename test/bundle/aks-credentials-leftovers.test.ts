import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { CancelTimes, StepResult } from '../agent/index.ts';
import { adminRole, startClusterPipeline, type ClusterPipeline } from '../bench/cluster-pipeline.ts';
import type { NodeMajor } from '../real/index.ts';

describe('AksCredentials: what it leaves behind', () => {
  let pipeline: ClusterPipeline;
  afterEach(() => pipeline.close());

  async function start(options: { cancelTimes?: Partial<CancelTimes>; node?: NodeMajor } = {}): Promise<void> {
    const { cancelTimes = {}, ...rest } = options;
    pipeline = await startClusterPipeline({ ...rest, roles: [adminRole], programs: [], job: { cancelTimes } });
  }

  const leftFolders = (): string[] =>
    readdirSync(pipeline.job.folders.temp).filter((name) => name.startsWith('helm-delivery-'));

  /** Cancels while the API server does not answer; the kubeconfig is written by then. */
  async function cancelled(): Promise<StepResult> {
    const controller = new AbortController();
    pipeline.azure.fault({
      kind: 'hang',
      match: ({ host }) => {
        if (host === pipeline.cluster.fqdn) controller.abort();
        return host === pipeline.cluster.fqdn;
      },
    });
    return pipeline.fetch({ useClusterAdmin: 'true' }, { cancel: controller.signal });
  }

  it('cancelled: nothing', async () => {
    await start();
    const step = await cancelled();
    assert.equal(step.result, 'Canceled', step.log.join('\n'));
    assert.deepEqual(step.violations, []);
    assert.deepEqual(leftFolders(), []);
    assert.equal(pipeline.job.variables.get('KUBECONFIG'), undefined);
  });

  it('killed: what the post-job step then removes', async () => {
    await start({ cancelTimes: { interrupt: 0, terminate: 0, output: 50 } });
    const step = await cancelled();
    assert.equal(step.result, 'Canceled');
    await pipeline.job.finish();
    assert.deepEqual(leftFolders(), []);
    assert.deepEqual(await pipeline.job.secretsOnDisk(), []);
  });

  for (const node of ['20', '24'] as const) {
    it(`done (Node ${node}): one kubeconfig, until the job ends`, async () => {
      await start({ node });
      const step = await pipeline.fetch({ useClusterAdmin: 'true' });
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(leftFolders().length, 1);
      assert.equal(pipeline.job.variables.get('KUBECONFIG'), step.outputs['kubeconfigPath']);
      assert.equal(pipeline.job.variables.get('KUBE_CONFIG_PATH'), step.outputs['kubeconfigPath']);
      const { postJobSteps } = await pipeline.job.finish();
      assert.deepEqual(
        postJobSteps.map(({ result }) => result),
        ['Succeeded'],
      );
      assert.deepEqual(leftFolders(), []);
    });
  }
});
