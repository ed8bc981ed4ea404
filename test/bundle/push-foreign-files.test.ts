import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chartArchive, push, stage } from '../bench/chart-steps.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const archive = chartArchive('app', '1.2.3');
const signed = '-----BEGIN PGP SIGNED MESSAGE-----\nname: app\n';

describe('HelmChartPush publishes nothing but the files of the job', () => {
  let pipeline: Pipeline;
  let elsewhere: string;
  const inStaging = (name: string): string => path.join(pipeline.job.folders.staging, name);

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    pipeline = await startPipeline({ helm: null });
    elsewhere = mkdtempSync(path.join(tmpdir(), 'another-pipeline-'));
    writeFileSync(path.join(elsewhere, 'app-1.2.3.tgz'), archive);
    writeFileSync(path.join(elsewhere, 'app.prov'), signed);
  });
  afterEach(async () => {
    await pipeline.close();
    rmSync(elsewhere, { recursive: true });
  });

  async function refused(): Promise<string> {
    const message = refusalOf(await push(pipeline));
    assert.deepEqual(await pipeline.registry.repositories(), []);
    return message;
  }

  for (const target of ['/proc/self/environ', '/dev/zero']) {
    it(`not a provenance file that leads to ${target}`, async () => {
      const file = stage(pipeline, 'app-1.2.3.tgz', archive);
      symlinkSync(target, `${file}.prov`);
      assert.match(await refused(), /app-1\.2\.3\.tgz\.prov is a link; put a copy of the file in its place/);
    });
  }

  it('not even a linked provenance file that is one', async () => {
    const file = stage(pipeline, 'app-1.2.3.tgz', archive);
    symlinkSync(path.join(elsewhere, 'app.prov'), `${file}.prov`);
    assert.match(await refused(), /is a link/);
  });

  it('not another file of that name, or a folder, or one without end', async () => {
    const file = stage(pipeline, 'app-1.2.3.tgz', archive);
    stage(pipeline, 'app-1.2.3.tgz.prov', 'SECRET=hunter2');
    assert.match(await refused(), /is no provenance file, which begins with '-----BEGIN PGP SIGNED MESSAGE-----'/);
    stage(pipeline, 'app-1.2.3.tgz.prov', signed + 'x'.repeat(1024 * 1024));
    assert.match(await refused(), /has more than the 1048576 bytes/);
    rmSync(`${file}.prov`);
    mkdirSync(`${file}.prov`);
    assert.match(await refused(), /is no regular file/);
  });

  it("not an archive with git's own files, which may hold the job's token", async () => {
    const config = { name: 'app/.git/config', body: 'AUTHORIZATION: bearer token-of-the-job' };
    stage(pipeline, 'app-1.2.3.tgz', chartArchive('app', '1.2.3', '', config));
    assert.match(
      await refused(),
      /app-1\.2\.3\.tgz holds "app\/\.git\/config", one of git's own files, .* add \.git\/ to/,
    );
  });

  it('not a linked archive, or one in a linked folder', async () => {
    symlinkSync(path.join(elsewhere, 'app-1.2.3.tgz'), inStaging('app-1.2.3.tgz'));
    assert.match(await refused(), /app-1\.2\.3\.tgz is a link, and what it leads to may be anything/);
    rmSync(inStaging('app-1.2.3.tgz'));
    symlinkSync(elsewhere, inStaging('charts'));
    const step = await push(pipeline, { chartPath: '$(Build.ArtifactStagingDirectory)/**/*.tgz' });
    assert.match(refusalOf(step), /lies outside of the folders of this job \(it really is .*another-pipeline-/);
  });

  it('not a pointer of Git LFS, which stands where the archive was not fetched', async () => {
    stage(
      pipeline,
      'app-1.2.3.tgz',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`,
    );
    assert.match(await refused(), /app-1\.2\.3\.tgz" is a Git LFS pointer, not the file itself: fetch .* lfs: true/);
  });

  it('not what a link leads to in the place of an archive that the pipeline names by its whole path', async () => {
    symlinkSync(path.join(elsewhere, 'app-1.2.3.tgz'), inStaging('app-1.2.3.tgz'));
    const linked = await push(pipeline, { chartPath: inStaging('app-1.2.3.tgz') });
    assert.match(refusalOf(linked), /app-1\.2\.3\.tgz leads out of the folders of this job, to .*another-pipeline-/);
    symlinkSync(elsewhere, inStaging('charts'));
    const inFolder = await push(pipeline, { chartPath: inStaging('charts/app-1.2.3.tgz') });
    assert.match(refusalOf(inFolder), /charts\/app-1\.2\.3\.tgz leads out of the folders of this job/);
    symlinkSync(path.join(elsewhere, 'app-1.2.3.tgz'), path.join(elsewhere, 'link.tgz'));
    const outside = await push(pipeline, { chartPath: path.join(elsewhere, 'link.tgz') });
    assert.match(refusalOf(outside), /link\.tgz is a link; put a copy of the file in its place/);
    assert.deepEqual(await pipeline.registry.repositories(), []);
  });

  it('but one that the pipeline itself names by its whole path', async () => {
    const step = await push(pipeline, { chartPath: path.join(elsewhere, 'app-1.2.3.tgz') });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  });
});
