import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { chartsFolder } from '../bench/pipeline.ts';
import { controlPlane } from '../real/cluster/index.ts';
import { realProgram } from '../real/index.ts';
import { startRealClusterPipeline, type RealClusterPipeline } from './real-cluster-pipeline.ts';

describe('Helm in later steps, on a real control plane', () => {
  let pipeline: RealClusterPipeline;
  let kubectl: string;

  before(async function () {
    this.timeout(1_200_000);
    await controlPlane();
    kubectl = await realProgram('kubectl');
    pipeline = await startRealClusterPipeline({ clusterRole: 'cluster-admin' });
    const charts = path.join(pipeline.job.folders.sources, 'charts');
    for (const name of ['hello', 'go-template-app'])
      cpSync(path.join(chartsFolder, name), path.join(charts, name), { recursive: true });
    const vendored = path.join(charts, 'go-template-app', 'charts', 'contoso-common');
    cpSync(path.join(chartsFolder, 'contoso-common'), vendored, { recursive: true });
    const fetched = await pipeline.fetch({ namespace: 'shop' });
    assert.equal(fetched.result, 'Succeeded', fetched.log.join('\n'));
  });
  after(() => pipeline.close());

  for (const id of ['helm-3.17', 'helm-4.1', 'helm-4.2'] as const) {
    const [hello, shop] = [`hello-${id.replace('.', '-')}`, `shop-${id.replace('.', '-')}`];

    it(`${id} rolls charts out and back, and tests them`, async () => {
      const helm = await realProgram(id);
      const upgrade = `${helm} upgrade --install --wait --timeout 60s`;
      await script(
        `${upgrade} --create-namespace ${hello} charts/hello`,
        `${upgrade} ${shop} charts/go-template-app --set replicaCount=2`,
        `${upgrade} ${shop} charts/go-template-app --set replicaCount=3 --set config.GREETING=Moin`,
        `${helm} test ${shop} --timeout 60s`,
      );
      assert.deepEqual(await releases(helm, hello, shop), [`${hello} 1 deployed`, `${shop} 2 deployed`]);
      const name = `${shop}-go-template-app`;
      assert.equal(await seen('deployment', name, '{.status.readyReplicas} {.status.updatedReplicas}'), '3 3');
      assert.equal(await seen('configmap', name, '{.data.GREETING}'), 'Moin');
      await script(`${helm} rollback --wait --timeout 60s ${shop} 1`);
      assert.equal(await seen('configmap', name, '{.data.GREETING}'), 'Hello from Contoso');
      await script(`${helm} uninstall --wait --timeout 60s ${shop}`);
      assert.deepEqual(await releases(helm, hello, shop), [`${hello} 1 deployed`]);
    });
  }

  /** Runs commands as a later step of the job, which has nothing mapped into its environment. */
  async function script(...commands: string[]): Promise<string> {
    const step = await pipeline.job.runScript({ script: ['set -e', ...commands].join('\n') });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    return step.log.join('\n');
  }

  async function releases(helm: string, ...names: string[]): Promise<string[]> {
    const list = JSON.parse(await script(`${helm} list --output json --filter '^(${names.join('|')})$'`)) as Release[];
    return list.map(({ name, revision, status }) => `${name} ${revision} ${status}`);
  }

  /** What the administrator sees of an object, past the job. */
  async function seen(kind: string, name: string, template: string): Promise<string> {
    const env = { KUBECONFIG: pipeline.real.adminKubeconfig, HOME: pipeline.job.folders.temp };
    const args = ['get', kind, name, '--namespace=shop', `--output=jsonpath=${template}`];
    return (await promisify(execFile)(kubectl, args, { env })).stdout;
  }
});

interface Release {
  readonly name: string;
  readonly revision: string;
  readonly status: string;
}
