import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { AppJobs, assertHolds, commonAt, puller, saveApp } from '../bench/app-jobs.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { dockerConnection } from '../bench/connections.ts';
import { installFakeHelm } from '../bench/fake-helm.ts';
import { git } from '../bench/git.ts';
import { loginServer, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

const nowhere = 'https://nobody.contoso.example';
const registry = `oci://${loginServer}/helm`;

const asksHelm = ({ log }: StepResult): boolean => log.some((line) => line.includes('helm dependency build'));

const status = ({ job }: Pipeline): string => git(job.folders.sources, 'status', '--porcelain');

const add = (pipeline: Pipeline, files: Parameters<typeof writeFiles>[1]) =>
  writeFiles(path.join(pipeline.job.folders.sources, 'app'), files);

describe('HelmChartSave: buildDependencies', () => {
  const apps = new AppJobs();
  const connections = [dockerConnection(loginServer, puller.username, puller.password)];

  for (const [what, files] of [
    ['an archive', () => ({ 'charts/common-1.2.0.tgz': apps.archive('common', '1.2.0') })],
    ['a folder', () => ({ 'charts/common/Chart.yaml': chartYaml('common', '1.2.0') })],
    ['a folder of another name', () => ({ 'charts/shared/Chart.yaml': chartYaml('common', '1.2.0') })],
    [
      'an archive that a lock names',
      () => ({
        'charts/common-1.2.0.tgz': apps.archive('common', '1.2.0'),
        'Chart.lock': `dependencies: [{name: common, version: 1.2.0, repository: "${nowhere}"}]\ndigest: sha256:0\n`,
      }),
    ],
  ] as const) {
    it(`auto takes ${what} in charts/ as it is, and asks nobody`, async () => {
      const pipeline = await apps.jobWith(commonAt(nowhere));
      add(pipeline, files());
      pipeline.commit('2026-03-02T12:00:00Z');

      const step = await saveApp(pipeline);

      await assertHolds(step, 'app/charts/common/Chart.yaml');
      assert.ok(!asksHelm(step));
      assert.deepEqual(step.issues, []);
      assert.equal(status(pipeline), '');
    });
  }

  it('auto fetches what is there in a wrong version only, and deletes no committed archive', async () => {
    const pipeline = await apps.jobWith(commonAt(registry), { connections });
    add(pipeline, { 'charts/common-0.9.0.tgz': apps.archive('common', '0.9.0') });
    pipeline.commit('2026-03-02T12:00:00Z');

    const step = await saveApp(pipeline, { containerRegistry: 'contoso-docker' });

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    const chart = (await entriesOf(step.outputs['chartPath'] ?? '')).get('app/charts/common/Chart.yaml');
    assert.match(chart?.content.toString() ?? '', /version: 1\.2\.0/);
    assert.equal(status(pipeline), '');
  });

  it('always fetches, also what is there', async () => {
    const pipeline = await apps.jobWith(commonAt(nowhere));
    add(pipeline, { 'charts/common-1.2.0.tgz': apps.archive('common', '1.2.0') });

    assert.match(refusalOf(await saveApp(pipeline, { buildDependencies: 'always' })), /could not read the chart repo/);
  });

  it('never fetches, and names what is missing', async () => {
    const pipeline = await apps.jobWith(commonAt(registry), { connections });

    const step = await saveApp(pipeline, { buildDependencies: 'never' });

    assert.match(
      refusalOf(step),
      /^Chart\.yaml has the dependency common, which does not lie in charts\/, and input buildDependencies is 'never': commit it there, or give 'auto'\.$/,
    );
    add(pipeline, { 'charts/common-0.9.0.tgz': apps.archive('common', '0.9.0') });
    const again = await pipeline.run('HelmChartSave', {
      inputs: { chartPath: 'app', buildDependencies: 'never' },
      condition: 'always()',
    });
    await assertHolds(again, 'app/charts/common/Chart.yaml');
  });

  it('leaves nothing of a killed step to the next commit, which gives the bytes of a fresh clone', async () => {
    const pipeline = await apps.jobWith(commonAt(registry), {
      connections,
      job: { cancelTimes: { interrupt: 1, terminate: 1, output: 50 } },
    });
    await installFakeHelm(pipeline, '[ "$1" = lint ] && { trap "" TERM; echo here; exec sleep 600; }\nreal');
    const controller = new AbortController();
    const killed = await pipeline.run('HelmChartSave', {
      inputs: { chartPath: 'app', containerRegistry: 'contoso-docker' },
      cancel: controller.signal,
      onLine: (line) => {
        if (line.startsWith('here')) controller.abort();
      },
    });
    assert.equal(killed.result, 'Canceled');
    assert.equal(status(pipeline), '');
    assert.deepEqual(readdirSync(path.join(pipeline.job.folders.sources, 'app')), ['Chart.yaml']);

    // The next commit needs it no more, where a left-over would still be packaged.
    add(pipeline, { 'Chart.yaml': chartYaml('app', '1.1.0') });
    await installFakeHelm(pipeline, 'real');
    const next = await pipeline.run('HelmChartSave', { inputs: { chartPath: 'app' }, condition: 'always()' });
    assert.equal(next.result, 'Succeeded', next.log.join('\n'));
    assert.deepEqual([...(await entriesOf(next.outputs['chartPath'] ?? '')).keys()], ['app/Chart.yaml']);
    await pipeline.job.finish();
    assert.deepEqual(readdirSync(pipeline.job.folders.temp), []);
  });

  it('makes no second copy of what .helmignore names', async () => {
    const pipeline = await apps.jobWith(commonAt(registry), { connections });
    add(pipeline, { '.helmignore': 'media/\n', 'media/film': 'x', 'media/more/film': 'x' });
    await installFakeHelm(pipeline, '[ "$1" = lint ] && find "$2" | grep -c film\nreal');

    const step = await saveApp(pipeline, { containerRegistry: 'contoso-docker' });

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    assert.match(step.rawOutput, /^0$/m);
    await rm(path.join(pipeline.job.folders.sources, 'app/media'), { recursive: true });
    assert.ok(!existsSync(path.join(pipeline.job.folders.sources, 'app/charts')));
  });
});
