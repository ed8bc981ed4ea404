import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppJobs, assertHolds, commonAt, saveApp } from '../bench/app-jobs.ts';
import { refusalOf } from '../bench/refusal.ts';

describe('HelmChartSave: dependencies in an https repository', () => {
  const apps = new AppJobs();

  it('come although nobody added the repository', async () => {
    apps.azure.chartRepository('charts.contoso.example', [
      { name: 'common', version: '1.2.0', archive: apps.archive('common', '1.2.0') },
    ]);
    const pipeline = await apps.jobWith(commonAt('https://charts.contoso.example'));

    await assertHolds(await saveApp(pipeline), 'app/charts/common/Chart.yaml');
  });

  it('come with the password of a repository that was added before', async () => {
    const archive = apps.archive('common', '1.2.0');
    apps.azure.chartRepository('guarded.contoso.example', [{ name: 'common', version: '1.2.0', archive }], 'read-me');
    const other = apps.archive('other', '1.0.0');
    apps.azure.chartRepository('open.contoso.example', [{ name: 'other', version: '1.0.0', archive: other }]);
    const pipeline = await apps.jobWith(
      `${commonAt('https://guarded.contoso.example/')}- {name: other, version: 1.0.0, repository: "@known"}\n`,
    );
    const script = `helm repo add --username reader --password read-me mine https://guarded.contoso.example
      helm repo add known https://open.contoso.example`;
    assert.equal((await pipeline.job.runScript({ script })).result, 'Succeeded');

    const step = await saveApp(pipeline);

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    const { home } = pipeline.job.folders;
    const kept = await readFile(path.join(home, '.config/helm/repositories.yaml'), 'utf8');
    assert.doesNotMatch(kept, /dependency-1/);
  });

  it('do not come from a host that does not answer, which is told', async () => {
    const pipeline = await apps.jobWith(commonAt('https://nobody.contoso.example'));

    const step = await saveApp(pipeline);

    assert.match(
      refusalOf(step),
      /^helm could not read the chart repository https:\/\/nobody\.contoso\.example: .*\.$/,
    );
  });
});
