import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AppJobs, assertHolds, commonAt, saveApp } from '../bench/app-jobs.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { git } from '../bench/git.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

describe('HelmChartSave: dependencies in a folder', () => {
  const apps = new AppJobs();

  it('may lie beside the chart', async () => {
    const pipeline = await apps.jobWith(commonAt('file://../libraries/common'));
    const { sources } = pipeline.job.folders;
    writeFiles(path.join(sources, 'libraries/common'), { 'Chart.yaml': chartYaml('common', '1.2.0') });

    await assertHolds(await saveApp(pipeline), 'app/charts/common/Chart.yaml');
  });

  it('may be a whole repository, whose .git is left out', async () => {
    const pipeline = await apps.jobWith(commonAt('file://../common'));
    const folder = path.join(pipeline.job.folders.sources, 'common');
    writeFiles(folder, { 'Chart.yaml': chartYaml('common', '1.2.0') });
    git(folder, 'init', '--quiet');
    git(folder, 'config', 'http.extraheader', 'AUTHORIZATION: bearer token-of-the-job');

    const step = await saveApp(pipeline);

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    const names = [...(await entriesOf(step.outputs['chartPath'] ?? '')).keys()];
    assert.deepEqual(
      names.filter((name) => name.includes('.git')),
      [],
    );
  });

  it('may not lie outside the sources', async () => {
    const pipeline = await apps.jobWith(commonAt('file://../../outside'));
    const outside = path.resolve(pipeline.job.folders.sources, '../outside');
    writeFiles(outside, { 'Chart.yaml': chartYaml('common', '1.2.0'), 'values.yaml': 'key: of-the-agent\n' });

    const step = await saveApp(pipeline);

    await rm(outside, { recursive: true });
    assert.match(
      refusalOf(step),
      /^The chart depends on file:\/\/\.\.\/\.\.\/outside \(Chart\.yaml, dependencies\[0\]\.repository\), which lies outside the sources/,
    );
  });

  it('may not hold links that lead out of the sources', async () => {
    const pipeline = await apps.jobWith(commonAt('file://../common'));
    writeFiles(path.join(pipeline.job.folders.sources, 'common'), {
      'Chart.yaml': chartYaml('common', '1.2.0'),
      'files/passwd': { link: '/etc/passwd' },
    });

    const step = await saveApp(pipeline);

    assert.match(
      refusalOf(step),
      /^The chart has a link, files\/passwd, that leads to \/etc\/passwd, outside the sources/,
    );
  });

  for (const lockFile of ['Chart.lock', 'requirements.lock']) {
    it(`are not taken from where ${lockFile} says, though helm finds nothing wrong with it`, async () => {
      const repository = 'https://charts.contoso.example';
      const pipeline = await apps.jobWith(commonAt(repository));
      const outside = path.resolve(pipeline.job.folders.sources, '../outside');
      writeFiles(outside, { 'Chart.yaml': chartYaml('common', '1.2.0'), 'values.yaml': 'key: of-the-agent\n' });
      const locked = { name: 'common', version: '1.2.0', repository: 'file://../../outside' };
      const both = [[{ name: 'common', version: '1.x', repository }], [locked]];
      const digest = `sha256:${createHash('sha256').update(JSON.stringify(both)).digest('hex')}`;
      writeFiles(path.join(pipeline.job.folders.sources, 'app'), {
        [lockFile]: JSON.stringify({ dependencies: [locked], digest, generated: '2026-01-01T00:00:00Z' }),
      });

      const step = await saveApp(pipeline);

      await rm(outside, { recursive: true });
      assert.match(
        refusalOf(step),
        /^(Chart|requirements)\.lock takes the dependency "common" from "file:\/\/\.\.\/\.\.\/out/,
      );
    });
  }

  it('that do not fit Chart.lock are refused, with what to do', async () => {
    const pipeline = await apps.jobWith(commonAt('file://../common'));
    writeFiles(pipeline.job.folders.sources, {
      'common/Chart.yaml': chartYaml('common', '1.2.0'),
      'app/Chart.lock': 'dependencies: []\ndigest: sha256:00\ngenerated: "2026-01-01T00:00:00Z"\n',
    });

    const step = await saveApp(pipeline);

    assert.match(refusalOf(step), /Chart\.lock.* is out of sync.*update the dependencies/);
    assert.ok(existsSync(path.join(pipeline.job.folders.sources, 'app/Chart.lock')));
  });
});
