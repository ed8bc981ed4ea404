import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type EmulatedRegistry, type PlayedRun } from '../azure/index.ts';
import { download, finishedRun, startDeployment } from '../bench/deployment.ts';
import { loginServer, startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const secretVariables = { handoffSealKey: 'a-key-that-both-pipelines-have' };
const connection = { azureSubscription: 'contoso-azure', registry: loginServer };
const checked = { ...connection, sealKey: '$(handoffSealKey)' };
const artifact = 'build-artifact';

async function succeeded(step: Promise<StepResult>): Promise<StepResult> {
  const result = await step;
  assert.equal(result.result, 'Succeeded', result.log.join('\n'));
  assert.deepEqual(result.violations, []);
  return result;
}

describe('a handoff from one pipeline to another', () => {
  let azure: Azure;
  let registry: EmulatedRegistry;
  let ci: Pipeline;
  let run: PlayedRun;
  let pushed: StepResult;
  let cd: Pipeline;

  before(async () => {
    azure = await startAzure();
    registry = azure.registry(loginServer);
    registry.seedManifest('app', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [] });
    const variables = { 'System.TeamProjectId': azure.job.projectId };
    ci = await startPipelineOn(azure, registry, { job: { secretVariables, variables } });
    const chartPath = ci.addChart('hello');
    ci.commit('2026-03-01T12:00:00Z');
    await succeeded(ci.run('HelmChartSave', { name: 'save', inputs: { chartPath, appVersion: '4f6c2a9' } }));
    const push = { ...connection, chartPath: '$(save.chartPath)' };
    pushed = await succeeded(ci.run('HelmChartPush', { name: 'push', inputs: push }));
    const publish = {
      ...connection,
      chartDigestRef: '$(push.chartDigestRef)',
      chartVersion: '$(push.chartVersion)',
      appVersion: '$(save.appVersion)',
      images: 'app=app:4f6c2a9',
      variables: 'replicas=2',
      sealKey: '$(handoffSealKey)',
    };
    await succeeded(ci.run('HandoffPublish', { inputs: publish }));
    run = finishedRun(azure, ci.job);
  });
  after(async () => {
    await ci.close();
    await azure.close();
  });
  beforeEach(async () => {
    cd = await startDeployment(azure, registry, run, { job: { secretVariables } });
  });
  afterEach(() => cd.close());

  const files = (): Readonly<Record<string, Buffer>> => run.artifacts[0]?.files ?? {};
  const importHandoff = (inputs: Record<string, string> = checked): Promise<StepResult> =>
    cd.run('HandoffImport', { name: 'handoff', inputs });

  it('carries the values, and the chart is pulled by its digest', async () => {
    download(cd.job, artifact, files());
    const { outputs } = await succeeded(importHandoff());
    assert.equal(outputs['chartDigestRef'], pushed.outputs['chartDigestRef']);
    assert.equal(outputs['chartRef'], pushed.outputs['chartRef']);
    assert.deepEqual(
      [outputs['appVersion'], outputs['imgVersion'], outputs['var_replicas']],
      ['4f6c2a9', '4f6c2a9', '2'],
    );
    const pull = { ...connection, chartRef: '$(handoff.chartDigestRef)', chartVersion: '$(handoff.chartVersion)' };
    const pulled = await succeeded(cd.run('HelmChartPull', { inputs: pull }));
    assert.equal(pulled.outputs['chartDigest'], pushed.outputs['chartDigest']);
  });

  it('needs no download step', async () => {
    const { outputs } = await succeeded(importHandoff());
    assert.equal(outputs['chartDigestRef'], pushed.outputs['chartDigestRef']);
  });

  it('stays readable by jq as before', async () => {
    download(cd.job, artifact, files());
    const jq = `node -p 'JSON.parse(fs.readFileSync("$(Pipeline.Workspace)/ci/${artifact}/variables.json")).chartVersion'`;
    const { rawOutput } = await succeeded(cd.job.runScript({ script: jq, env: { PATH: process.env['PATH'] ?? '' } }));
    assert.equal(rawOutput.trim(), pushed.outputs['chartVersion']);
  });

  it('is refused when the file was edited', async () => {
    const text = files()['variables.json']?.toString().replace('"replicas": "2"', '"replicas": "20"') ?? '';
    download(cd.job, artifact, { 'variables.json': text });
    assert.match(refusalOf(await importHandoff()), /seal of variables\.json does not fit its content/);
  });

  it('is refused when it is the file of another run, whose seal is good', async () => {
    const variables = { 'System.TeamProjectId': azure.job.projectId, 'Build.BuildId': '704' };
    const later = await startPipelineOn(azure, registry, { helm: null, job: { secretVariables, variables } });
    const inputs = {
      chartDigestRef: pushed.outputs['chartDigestRef'] ?? '',
      chartVersion: pushed.outputs['chartVersion'] ?? '',
      sealKey: '$(handoffSealKey)',
    };
    const { outputs } = await succeeded(later.run('HandoffPublish', { name: 'publish', inputs }));
    download(cd.job, artifact, { 'variables.json': readFileSync(outputs['handoffPath'] ?? '') });
    assert.match(refusalOf(await importHandoff()), /written for run 704, but comes from run 703/);
    await later.close();
  });

  it('is refused when somebody pushed over the version', async () => {
    const { chartVersion: version = '' } = pushed.outputs;
    await registry.seedChart('helm', { name: 'hello', version, archive: Buffer.from('another chart') });
    download(cd.job, artifact, files());
    assert.match(refusalOf(await importHandoff()), /chart hello is sha256:.* the tag was moved after the CI run/);
  });
});
