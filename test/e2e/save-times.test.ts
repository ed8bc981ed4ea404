import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { git } from '../bench/git.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { realProgram } from '../real/index.ts';

describe('HelmChartSave: the time in an archive', () => {
  let pipeline: Pipeline;
  let chartPath: string;

  beforeEach(async () => {
    pipeline = await startPipeline();
    chartPath = pipeline.addChart('hello');
  });
  afterEach(() => pipeline.close());

  const save = (env: Record<string, string> = {}): Promise<StepResult> =>
    pipeline.run('HelmChartSave', { inputs: { chartPath }, env });

  it('is that of the commit, whatever SOURCE_DATE_EPOCH says', async () => {
    pipeline.commit('2026-03-01T12:00:00+05:00');

    assert.equal(await timeOf(await save({ SOURCE_DATE_EPOCH: '1000000000' })), '2026-03-01T07:00:00.000Z');
  });

  it('is that of SOURCE_DATE_EPOCH outside of git, which the log says', async () => {
    const step = await save({ SOURCE_DATE_EPOCH: '1700000000' });

    assert.equal(await timeOf(step), '2023-11-14T22:13:20.000Z');
    assert.match(step.log.join('\n'), /No git commit is known for the chart; its times come from SOURCE_DATE_EPOCH/);
  });

  it('is a fixed one without either, also before the first commit', async () => {
    assert.equal(await timeOf(await save()), '1980-01-01T00:00:00.000Z');

    git(pipeline.job.folders.sources, 'init', '--quiet');
    assert.equal(await timeOf(await save()), '1980-01-01T00:00:00.000Z');
  });

  it('is a fixed one on an agent without git', async () => {
    pipeline.commit('2026-03-01T12:00:00Z');

    const onlyHelm = path.dirname(await realProgram('helm-4.1'));
    assert.equal(await timeOf(await save({ PATH: onlyHelm })), '1980-01-01T00:00:00.000Z');
  });

  it('cannot be a SOURCE_DATE_EPOCH that is no number of seconds', async () => {
    const step = await save({ SOURCE_DATE_EPOCH: '2026-03-01' });

    assert.equal(step.result, 'Failed');
    assert.equal(
      messageOf(step),
      "SOURCE_DATE_EPOCH is '2026-03-01'; it takes seconds since 1970, such as 1764000000.",
    );
  });
});

/** The one time that all entries have, and the archive itself. */
async function timeOf(step: StepResult): Promise<string> {
  assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  const archive = step.outputs['chartPath'] ?? '';
  const entries = [...(await entriesOf(archive)).values()];
  const times = [(await stat(archive)).mtime, ...entries.map(({ header }) => header.mtime)];
  assert.equal(new Set(times.map((time) => time?.toISOString())).size, 1);
  return times[0]?.toISOString() ?? '';
}
