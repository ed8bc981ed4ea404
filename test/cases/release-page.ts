import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JobOptions, StepResult } from '../agent/index.ts';
import type { Azure, PlayedRun } from '../azure/index.ts';
import { appChart } from '../bench/app-chart.ts';
import { download, sampleHandoff, triggeredBy } from '../bench/deployment.ts';
import { loginServer } from '../bench/pipeline.ts';
import { assertGood, entryOf, present, sharedRelease, type StartReleases } from '../bench/release-cases.ts';
import type { ReleasePipeline } from '../bench/release-pipeline.ts';
import { writeFiles } from '../bench/write-files.ts';
import { chartArchive } from '../bench/chart-steps.ts';
import { examplesIn, type ExampleStep } from '../package/pages.ts';

const tasks = path.resolve(import.meta.dirname, '../../dist/tasks');
const file = 'docs/tasks/HelmReleaseDeploy.md';
const page = { file, text: readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8') };

/** The values of the page's `$(…)` that no step sets. */
const secretVariables = { databasePassword: 'a password, "quoted" = $(so)' };

interface SecondCluster extends Pick<ReleasePipeline, 'administrator'> {
  close(): Promise<void>;
}

/**
 * Declares that the pipelines on the task's page do what the page says, as they stand there.
 * @param addCluster makes the second cluster of the page, in a resource group of its own name, for the job's identity
 */
export function pageOfDeploy(
  start: StartReleases,
  addCluster: (pipeline: ReleasePipeline, name: string) => Promise<SecondCluster>,
): void {
  const examples = examplesIn(page).filter(({ steps }) => steps.some(({ task }) => task === 'HelmReleaseDeploy@1'));
  let ci: PlayedRun | undefined;
  let second: SecondCluster | undefined;
  const job = (azure: Azure): JobOptions => {
    ci = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703 });
    return { variables: triggeredBy(ci), secretVariables };
  };
  const cluster = { resourceGroup: 'contoso-qa' };
  const pipeline = sharedRelease(start, { job, cluster }, async (started) => {
    await prepare(started);
    second = await addCluster(started, 'contoso-prod');
    for (const name of ['app-qa', 'ingress']) await started.administrator.create(namespaces, { metadata: { name } });
    await second.administrator.create(namespaces, { metadata: { name: 'app-prod' } });
  });

  after(() => second?.close());

  it('has the examples that are run here, and no others', () => {
    assert.equal(examples.length, 5);
  });

  it('deploys a chart after AksCredentials', async () => {
    assertGood(await pipeline().fetch({ resourceGroup: 'contoso-qa' }));
    const [deployed] = await run(0);
    assert.deepEqual(pick(deployed), { releaseRevision: '1', releaseStatus: 'deployed', previousRevision: '' });
  });

  it('deploys a chart without AksCredentials, a second time', async () => {
    const [deployed] = await run(1);
    assert.deepEqual(pick(deployed), { releaseRevision: '2', releaseStatus: 'deployed', previousRevision: '1' });
  });

  it('deploys what a CI run handed over, by digest', async () => {
    const {
      registry,
      job: { folders },
    } = pipeline();
    const deployment = { 'values.yaml': 'replicaCount: 7\nnote: first\n', 'values.prod.yaml': 'note: second\n' };
    writeFiles(path.join(folders.sources, 'deploy'), deployment);
    assert.ok(ci !== undefined);
    const chart = await registry.seedChart('helm', { name: 'app', version: '1.2.3', archive: appChart('1.2.3') });
    const image = registry.seedManifest('web', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [] });
    const content = JSON.stringify(sampleHandoff(ci, chart, image));
    download(pipeline().job, 'build-artifact', { 'variables.json': content });
    const [, deployed] = await run(2);
    assert.equal(deployed?.outputs['chartDigest'], chart);
    assert.ok(second !== undefined);
    const { administrator } = second;
    const workload = await administrator.find('/apis/apps/v1/namespaces/app-prod/deployments/app');
    const { replicas, template } = present(workload)['spec'] as { replicas: number; template: PodTemplate };
    assert.equal(replicas, 2);
    assert.equal(template.spec.containers[0]?.image, `${loginServer}/web:4f6c2a9@${image}`);
    assert.equal(workload?.metadata.annotations?.['note'], 'second');
    const secret = await administrator.find('/api/v1/namespaces/app-prod/secrets/app-database');
    assert.equal(entryOf(secret, 'password'), secretVariables.databasePassword);
    await run(2);
  });

  it('deploys a chart of somebody else', async () => {
    const [deployed] = await run(3);
    assert.equal(deployed?.outputs['releaseStatus'], 'deployed');
    const map = await pipeline().administrator.find('/api/v1/namespaces/ingress/configmaps/ingress-nginx');
    assert.deepEqual(map?.['data'], { replicas: '2' });
  });

  it('goes back to the revision before', async () => {
    const [back] = await run(4);
    assert.deepEqual(pick(back), { releaseRevision: '3', releaseStatus: 'deployed', previousRevision: '2' });
  });

  /** Runs the steps of an example as they stand on the page. */
  async function run(index: number): Promise<StepResult[]> {
    const results: StepResult[] = [];
    for (const step of examples[index]?.steps ?? []) results.push(assertGood(await runStep(step)));
    return results;
  }

  function runStep({ task, name, inputs }: ExampleStep): Promise<StepResult> {
    const folder = path.join(tasks, task.replace('@1', ''));
    return pipeline().job.runTask({ task: folder, inputs, ...(name !== undefined && { name }) });
  }
}

const namespaces = '/api/v1/namespaces';

interface PodTemplate {
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
}

async function prepare({ azure, registry }: ReleasePipeline): Promise<void> {
  await registry.seedChart('helm', { name: 'app', version: '1.2.3', archive: appChart('1.2.3') });
  const template =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ingress-nginx}\ndata: {replicas: "{{ .Values.controller.replicaCount }}"}\n';
  const body = { name: 'ingress-nginx/templates/map.yaml', body: template, mtime: 1_700_000_000 };
  const archive = chartArchive('ingress-nginx', '4.11.3', '', body);
  azure.chartRepository('charts.contoso.com', [{ name: 'ingress-nginx', version: '4.11.3', archive }]);
}

function pick(step: StepResult | undefined): Record<string, string> {
  const { chartDigest: _chartDigest, diagnosisFile: _none, ...others } = step?.outputs ?? {};
  return others;
}
