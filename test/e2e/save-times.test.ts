import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { installFakeHelm } from '../bench/fake-helm.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { writeFiles } from '../bench/write-files.ts';

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

  it('is that of SOURCE_DATE_EPOCH, which the log says', async () => {
    pipeline.commit('2026-03-01T12:00:00+05:00');
    const step = await save({ SOURCE_DATE_EPOCH: ' 1700000000 ' });

    assert.equal(await timeOf(step), '2023-11-14T22:13:20.000Z');
    assert.match(step.log.join('\n'), /The times in the archive come from SOURCE_DATE_EPOCH \(1700000000\)\./);
  });

  it('is not told to helm, which takes no blanks around it and nothing else than digits', async () => {
    await installFakeHelm(pipeline, '[ -z "${SOURCE_DATE_EPOCH+set}" ] || { [ "$1" = version ] || exit 1; }\nreal');
    for (const epoch of [' 1700000000 ', '  ']) {
      const step = await save({ SOURCE_DATE_EPOCH: epoch });
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    }
  });

  it('is a fixed one without it, whatever the commit, so that the same chart gives the same bytes', async () => {
    const digests = new Set<string | undefined>();
    for (const date of ['2026-03-01T12:00:00Z', '2026-03-02T12:00:00Z']) {
      pipeline.commit(date);
      const step = await save({ SOURCE_DATE_EPOCH: '' });
      assert.equal(await timeOf(step), '1980-01-01T00:00:00.000Z');
      digests.add(step.outputs['archiveDigest']);
      writeFileSync(path.join(pipeline.job.folders.sources, 'unrelated'), date);
    }
    assert.equal(digests.size, 1);
  });

  it('is asked of no git: a chart that looks like a repository runs nothing', async () => {
    const { sources, temp } = pipeline.job.folders;
    const proof = path.join(temp, 'it-ran');
    writeFiles(path.join(sources, chartPath), {
      HEAD: 'ref: refs/heads/main\n',
      'refs/heads/main': `${'1'.repeat(40)}\n`,
      'objects/info/alternates': '',
      config: [
        '[core]\n\trepositoryformatversion = 1\n\tbare = true\n\tfsmonitor = touch ',
        proof,
        '\n[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = .\n\tpromisor = true\n\tuploadpack = touch ',
        proof,
        ' ;\n',
      ].join(''),
    });

    const step = await pipeline.run('HelmChartSave', { inputs: { chartPath }, watchCommandLines: true });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(existsSync(proof), false);
    assert.ok(
      step.commandLines.some((line) => line.includes('helm')),
      'the watch sees what is started',
    );
    assert.deepEqual(
      step.commandLines.filter((line) => /(^|\/)git /.test(line)),
      [],
    );
  });

  it('cannot be a SOURCE_DATE_EPOCH that is no number of seconds', async () => {
    const step = await save({ SOURCE_DATE_EPOCH: '2026-03-01' });

    assert.equal(step.result, 'Failed');
    assert.equal(
      messageOf(step),
      "The variable SOURCE_DATE_EPOCH of this job is '2026-03-01'; it takes seconds since 1970, such as 1764000000. " +
        'Correct it, or remove it: the times in the archive are fixed then.',
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
