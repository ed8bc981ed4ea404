import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { pull, push } from '../bench/chart-steps.ts';
import { helmClient } from '../bench/helm-client.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

describe('A chart as people have it', () => {
  let pipeline: Pipeline;

  before(async () => {
    pipeline = await startPipeline();
  });
  after(() => pipeline.close());

  function save(files: Record<string, string>, inputs: Record<string, string> = {}): Promise<StepResult> {
    writeFiles(path.join(pipeline.job.folders.sources, 'app'), { 'templates/a.yaml': '', 'values.yaml': '', ...files });
    return pipeline.run('HelmChartSave', {
      name: 'save',
      inputs: { chartPath: 'app', ...inputs },
      condition: 'always()',
    });
  }

  async function saved(...args: Parameters<typeof save>): Promise<StepResult> {
    const step = await save(...args);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    return step;
  }

  it('goes the whole way with a version that begins with v, told by each task', async () => {
    const step = await saved({ 'Chart.yaml': chartYaml('app', 'v1.15.3') });
    const pushed = await push(pipeline, { chartPath: step.outputs['chartPath'] ?? '' });
    const pulled = await pull(pipeline, { chartVersion: 'v1.15.3' });

    assert.equal(pulled.outputs['chartVersion'], 'v1.15.3', pulled.log.join('\n'));
    assert.equal(pulled.outputs['chartDigest'], pushed.outputs['chartDigest']);
    for (const each of [step, pushed, pulled])
      assert.match(messageOf(each), /chart "app" is "v1\.15\.3", which is not SemVer 2: .* by no version range/);
    const helm = await helmClient(pipeline, 'helm-3.17');
    const byHelm = await helm.pull('oci://contoso.azurecr.io/helm/app', '--version', 'v1.15.3');
    assert.equal(byHelm, step.outputs['archiveDigest']);
    assert.match(messageOf(await pull(pipeline, { chartVersion: 'v9.9.9' })), /does not exist: .* no "v" before/);
  });

  it('keeps one version in Chart.yaml, and every run has its own', async () => {
    const step = await saved({ 'Chart.yaml': chartYaml('app', '0.1.0') }, { buildMetadata: '123' });
    const pushed = await push(pipeline, { chartPath: step.outputs['chartPath'] ?? '' });

    assert.equal(step.outputs['chartVersion'], '0.1.0+123');
    assert.equal(pushed.outputs['chartRef'], 'oci://contoso.azurecr.io/helm/app:0.1.0_123', pushed.log.join('\n'));
    assert.match(refusalOf(await save({}, { buildMetadata: 'a/b' })), /^Input buildMetadata is "a\/b"; it takes/);
  });

  it('is not judged by what inputs replace', async () => {
    const odd = chartYaml('app', 'v0.0.0', 'appVersion: 1.10\n');
    const step = await saved({ 'Chart.yaml': odd }, { chartVersion: '1.2.3', appVersion: '7' });
    assert.deepEqual(step.issues, []);
    assert.equal(step.outputs['appVersion'], '7');
  });

  it('has the appVersion that Helm makes of it, with a warning', async () => {
    const step = await saved({ 'Chart.yaml': chartYaml('app', '1.2.3', 'appVersion: 6.0\n') });
    assert.equal(step.outputs['appVersion'], '6');
    assert.match(messageOf(step), /^Chart\.yaml: Helm reads 6\.0 as 6 \(line 4, column 13\)/);
  });

  it('without apiVersion is one of v1, with the word of lint', async () => {
    const step = await saved({ 'Chart.yaml': 'name: app\nversion: 1.2.4\n' });
    assert.match(messageOf(step), /^Chart\.yaml has no "apiVersion", so Helm reads the chart as one of apiVersion v1/);
    assert.match(step.log.join('\n'), /takes what helm lint calls an error, .*: Chart\.yaml: apiVersion is required/);
  });

  it('still has to do without all other errors that lint finds', async () => {
    const files = {
      'Chart.yaml': chartYaml('app', '1.2.3', 'appVersion: 6.0\n'),
      'templates/a.yaml': '{{ .Values.a.b.c }}',
    };
    assert.match(
      refusalOf(await save(files)),
      /^helm lint found what it counts as an error: templates\/: .*nil pointer/,
    );
  });
});
