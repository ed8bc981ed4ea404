import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { installFakeHelm } from '../bench/fake-helm.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { writeFiles } from '../bench/write-files.ts';

describe('HelmChartSave: what it takes', () => {
  let pipeline: Pipeline;

  beforeEach(async () => {
    pipeline = await startPipeline();
    pipeline.addChart('hello');
  });
  afterEach(() => pipeline.close());

  const save = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline.run('HelmChartSave', { inputs: { chartPath: 'charts/hello', ...inputs } });

  it('a helm with known defects, with a warning', async () => {
    await installFakeHelm(pipeline, '[ "$1" = version ] && echo v3.18.0 && exit\nreal');

    const step = await save({});

    assert.equal(step.result, 'Succeeded');
    assert.match(step.issues.map(({ message }) => message).join(), /^helm 3\.18\.0 has known defects: .*use 3\.18\.1/);
  });

  it('a chart that lint finds fault with, where lint is off', async () => {
    writeFiles(path.join(pipeline.job.folders.sources, 'charts/hello'), {
      'templates/bad.yaml': '{{ .Values.a.b.c }}',
    });

    const step = await save({ lint: 'false' });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.doesNotMatch(step.log.join('\n'), /helm lint/);
  });

  it('names that only Windows minds, with a warning that names the file in the sources', async () => {
    const { sources } = pipeline.job.folders;
    writeFiles(path.join(sources, 'charts/hello'), { 'files/aux.txt': 'x', 'files/a:b': 'x', 'files/end.': 'x' });

    const step = await save({});

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(
      step.issues.map(({ message }) => message),
      [
        'The chart holds "charts/hello/files/a:b", which has a colon, which Windows reads as a drive or a hidden stream: there it cannot be unpacked.',
      ],
    );
    const entries = await entriesOf(step.outputs['chartPath'] ?? '');
    for (const name of ['aux.txt', 'a:b', 'end.']) assert.ok(entries.has(`hello/files/${name}`), name);
  });

  it('links of any kind in what .helmignore names, which is never looked at', async () => {
    const { sources } = pipeline.job.folders;
    writeFiles(path.join(sources, 'charts/hello'), {
      '.helmignore': 'node_modules/\n/local\n*.lnk\nbroken\n',
      'node_modules/.bin/tool': { link: '../nowhere' },
      'node_modules/up': { link: '../../../..' },
      'node_modules/passwd': { link: '/etc/passwd' },
      local: { link: '/etc' },
      'files/passwd.lnk': { link: '/etc/passwd' },
      'files/broken': { link: 'nowhere' },
      'files/kept.txt': 'kept',
    });

    const step = await save({});

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const names = [...(await entriesOf(step.outputs['chartPath'] ?? '')).keys()];
    assert.deepEqual(
      names.filter((name) => /kept|node_modules|local|lnk|broken/.test(name)),
      ['hello/files/kept.txt'],
    );
  });

  it('an archive that helm 4.2 neither pushes nor pulls, with a warning', async () => {
    const { sources } = pipeline.job.folders;
    const parts = Array.from({ length: 9 }, (_, index) => [`files/${index}`, randomBytes(4 * 1024 * 1024)] as const);
    writeFiles(path.join(sources, 'charts/hello'), Object.fromEntries(parts));

    const step = await save({});

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.match(
      step.issues.map(({ message }) => message).join(),
      /hello-\d.*\.tgz has 36\.0 MiB: helm 4\.2 neither pushes nor pulls more than 32 MiB/,
    );
  });

  it('versions with build metadata, and a destination that does not exist yet', async () => {
    const step = await save({ chartVersion: '1.2.3-rc.1+build.5', appVersion: '1.10', destination: 'out/deep' });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const { sources } = pipeline.job.folders;
    assert.deepEqual(
      { ...step.outputs, archiveDigest: step.outputs['archiveDigest']?.replace(/[0-9a-f]{64}/, '…') },
      {
        chartName: 'hello',
        chartVersion: '1.2.3-rc.1+build.5',
        appVersion: '1.10',
        chartPath: path.join(sources, 'out/deep/hello-1.2.3-rc.1+build.5.tgz'),
        archiveDigest: 'sha256:…',
      },
    );
  });

  it('not a destination that a link leads out of the job', async function () {
    // Windows lets only some users make links.
    if (process.platform === 'win32') this.skip();
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'another-pipeline-'));
    symlinkSync(elsewhere, path.join(pipeline.job.folders.sources, 'out'));

    const step = await save({ destination: 'out/deep' });

    assert.match(refusalOf(step), /out\/deep leads out of the folders of this job, to .*another-pipeline-/);
    assert.deepEqual(readdirSync(elsewhere), []);
    rmSync(elsewhere, { recursive: true });
  });

  it('a switch that is given empty as its default', async () => {
    const step = await save({ lint: '' });

    assert.match(step.log.join('\n'), /> \/.*\/helm lint/);
  });
});
