import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
const dependent = chartYaml('app', '1.0.0', 'dependencies: [{name: part, version: 1.0.0}]\n');

describe('HelmChartSave: a file that Git LFS has not fetched', () => {
  let pipeline: Pipeline;

  before(async () => {
    pipeline = await startPipeline();
  });
  after(() => pipeline.close());

  let count = 0;
  function save(files: Record<string, string>, inputs: Record<string, string> = {}): Promise<StepResult> {
    const chartPath = `charts/${(count += 1)}`;
    writeFiles(path.join(pipeline.job.folders.sources, chartPath), { 'Chart.yaml': chartYaml('app'), ...files });
    return pipeline.run('HelmChartSave', { inputs: { chartPath, ...inputs }, condition: 'always()' });
  }

  for (const [name, files, inputs] of [
    ['values.yaml', {}, {}],
    ['values.schema.json', {}, { lint: 'false' }],
    ['templates/a.yaml', {}, {}],
    ['templates/a.yaml', {}, { lint: 'false' }],
    ['charts/part-1.0.0.tgz', { 'Chart.yaml': dependent }, {}],
    ['files/picture.png', {}, {}],
  ] as const) {
    it(`is told as what it is: ${name}${'lint' in inputs ? ' without lint' : ''}`, async () => {
      const message = refusalOf(await save({ ...files, [name]: pointer }, inputs));
      const told = `/${name} is a Git LFS pointer, not the file itself: fetch .*\\(checkout: self, with lfs: true\\)\\.$`;
      assert.match(message, new RegExp(told));
      assert.deepEqual(readdirSync(pipeline.job.folders.staging), []);
    });
  }

  it('does not matter where .helmignore names it, also when helm fails for another reason', async () => {
    const ignored = { '.helmignore': 'docs/\n', 'docs/picture.png': pointer };
    const step = await save(ignored);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const other = refusalOf(await save({ ...ignored, 'templates/a.yaml': '{{ .Values.a.b.c }}' }));
    assert.match(other, /^helm lint found/);
  });
});
