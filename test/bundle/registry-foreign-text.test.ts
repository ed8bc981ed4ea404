import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { chartArchive, pull, push, stage } from '../bench/chart-steps.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const injected = '##vso[task.setvariable variable=injected;isOutput=true]yes';
const digest = '##vso[task.setvariable variable=chartDigest;isOutput=true]sha256:evil';
/** The same in disguise: after a carriage return, a line end, and with invisible characters in it. */
const disguised = [
  injected,
  `text\r${injected}`,
  `text\n${injected}`,
  injected.replace('vso', 'v\u200bso'),
  `\u0000#\u00ad#vso[task.complete result=Succeeded;]done`,
  digest,
];
const mayIssue = new Set(['debug', 'setvariable', 'setprogress', 'setsecret', 'complete', 'logissue', 'issue']);

function yaml(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Nothing but the task's own commands, and no variable but its outputs. */
function saysNothingForeign(pipeline: Pipeline, step: StepResult, outputs: readonly string[]): void {
  assert.deepEqual(step.violations, []);
  const events = step.commands.map(({ area, event }) => (area === 'task' ? event : `${area}.${event}`));
  assert.deepEqual(
    events.filter((event) => !mayIssue.has(event)),
    [],
  );
  const set = step.commands
    .filter(({ event }) => event === 'setvariable')
    .map(({ properties }) => properties['variable']);
  assert.deepEqual(set, outputs);
  assert.equal(step.commands.filter(({ event }) => event === 'complete').length, 1);
  for (const name of ['injected', `${step.name}.injected`]) assert.equal(pipeline.job.variables.get(name), undefined);
}

describe('Foreign text cannot issue commands', () => {
  let pipeline: Pipeline;
  beforeEach(async () => {
    pipeline = await startPipeline({ helm: null });
  });
  afterEach(() => pipeline.close());

  it("out of a chart's metadata", async () => {
    for (const [index, text] of disguised.entries()) {
      const lines = `description: ${yaml(text)}\nappVersion: ${yaml(text)}\nhome: ${yaml(text)}\nannotations: {${yaml(text)}: ${yaml(text)}}\n`;
      stage(pipeline, `app-${index}.tgz`, chartArchive('app', `1.0.${index}`, lines));
    }
    const pushed = await push(pipeline);
    assert.equal(pushed.result, 'Succeeded', pushed.log.join('\n'));
    const outputs = ['chartRef', 'chartVersion', 'chartDigest', 'chartDigestRef', 'pushResult'];
    saysNothingForeign(pipeline, pushed, outputs);
    for (const index of disguised.keys()) {
      const pulled = await pull(pipeline, { chartVersion: `1.0.${index}` });
      assert.equal(pulled.result, 'Succeeded', pulled.log.join('\n'));
      saysNothingForeign(pipeline, pulled, ['chartPath', 'chartVersion', 'chartDigest', 'appVersion']);
      assert.equal(pulled.outputs['appVersion'], '');
      assert.match(messageOf(pulled), /Output appVersion stays empty: its value ".*" has the character/);
      assert.match(pulled.outputs['chartDigest'] ?? '', /^sha256:[0-9a-f]{64}$/);
    }
  });

  it('out of names and versions that are refused', async () => {
    for (const text of disguised) {
      stage(pipeline, 'app.tgz', chartArchive('app', '1.2.3', `name: ${yaml(text)}\n`));
      stage(pipeline, 'other.tgz', chartArchive('other', yaml(text)));
      const step = await push(pipeline);
      refusalOf(step);
      saysNothingForeign(pipeline, step, []);
    }
  });

  it('out of the names of files', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = `${injected}/\n${injected}`;
    stage(pipeline, `${folder}.tgz`, 'no archive');
    const step = await push(pipeline, { chartPath: `${pipeline.job.folders.staging}/**/*.tgz` });
    refusalOf(step);
    saysNothingForeign(pipeline, step, []);
  });

  it('out of a manifest', async () => {
    for (const text of disguised.slice(0, 4)) {
      const config = { mediaType: text, digest: text, size: text };
      pipeline.registry.seedManifest('helm/app', '1.2.3', { schemaVersion: 2, config, layers: [{ mediaType: text }] });
      const step = await pull(pipeline);
      refusalOf(step);
      saysNothingForeign(pipeline, step, []);
    }
  });
});
