import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure } from '../azure/index.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { git } from '../bench/git.ts';
import { neighbourChart, oddChart, oldChart } from '../bench/odd-charts.ts';
import { loginServer, startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';
import { realProgram } from '../real/index.ts';

const commitTime = '2026-03-01T12:00:00Z';

describe('HelmChartSave: unusual charts', () => {
  let azure: Azure;
  const pipelines: Pipeline[] = [];

  before(async () => {
    azure = await startAzure();
    const registry = azure.registry(loginServer);
    const odd = oddChart(await realProgram('helm-3.17'));
    for (const helm of ['helm-3.17', 'helm-4.1', 'helm-4.2'] as const) {
      const pipeline = await startPipelineOn(azure, registry, { helm });
      pipelines.push(pipeline);
      const { sources } = pipeline.job.folders;
      writeFiles(path.join(sources, 'charts/odd'), odd);
      writeFiles(path.join(sources, 'charts/old'), oldChart);
      writeFiles(path.join(sources, 'charts/neighbour'), neighbourChart);
      writeFiles(path.join(sources, 'charts/shared'), { 'shared.txt': 'shared by several charts' });
      pipeline.commit(commitTime);
    }
  });
  after(async () => {
    for (const pipeline of pipelines) await pipeline.close();
    await azure.close();
  });

  /** The step of each helm, which must have succeeded and agree with the others. */
  async function saveWithEach(inputs: Record<string, string>): Promise<StepResult> {
    const steps: StepResult[] = [];
    for (const pipeline of pipelines)
      steps.push(await pipeline.run('HelmChartSave', { inputs, condition: 'always()' }));
    for (const step of steps) {
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.deepEqual(step.violations, []);
    }
    assert.equal(new Set(steps.map(({ outputs }) => outputs['archiveDigest'])).size, 1, 'the archives differ');
    const [first] = steps;
    assert.ok(first !== undefined);
    return first;
  }

  it('give the same archive with every helm, and lose nothing but what .helmignore names', async () => {
    const { outputs } = await saveWithEach({ chartPath: 'charts/odd' });

    assert.equal(outputs['chartVersion'], '2.0.0-rc.1+build.7');
    assert.equal(outputs['appVersion'], '1.10');
    const entries = await entriesOf(outputs['chartPath'] ?? '');
    assert.deepEqual(entries.get('odd/files/every-byte.bin')?.content, Buffer.from([...Array(256).keys()]));
    assert.equal(entries.get('odd/files/link.txt')?.content.toString(), 'shared by several charts');
    assert.equal(entries.get('odd/files/größe 図.txt')?.content.toString(), 'a name in Unicode');
    assert.equal(entries.get('odd/templates/config.yaml')?.content.includes('\r\n'), true);
    assert.ok([...entries.keys()].some((name) => name.endsWith('a-folder-with-a-rather-long-name-7/deep.txt')));
    for (const part of [
      'values.schema.json',
      'crds/thing.yaml',
      'charts/nested/charts/deeper/Chart.yaml',
      'charts/packed/values.yaml',
    ]) {
      assert.ok(entries.has(`odd/${part}`), part);
    }
    assert.deepEqual(
      [...entries.keys()].filter((name) => /bak$|secret/.test(name)),
      [],
    );
  });

  it('hold no trace of the machine: one time, one mode, no owner', async () => {
    const { outputs } = await saveWithEach({ chartPath: 'charts/odd' });

    const headers = [...(await entriesOf(outputs['chartPath'] ?? '')).values()].map(({ header }) => header);
    assert.deepEqual(new Set(headers.map(({ mtime }) => mtime?.toISOString())), new Set(['1980-01-01T00:00:00.000Z']));
    assert.deepEqual(new Set(headers.map(({ mode }) => mode)), new Set([0o644]));
    assert.deepEqual(
      new Set(headers.map(({ uid, gid, uname, gname }) => `${uid}${gid}${uname}${gname}`)),
      new Set(['00']),
    );
  });

  it('may be of the old kind and without a lock, and is the same at another time', async () => {
    const first = await saveWithEach({ chartPath: 'charts/old' });
    assert.deepEqual(first.issues, []);
    const lock = (await entriesOf(first.outputs['chartPath'] ?? '')).get('old/requirements.lock');
    assert.match(lock?.content.toString() ?? '', /generated: "1980-01-01T00:00:00Z"/);

    const again = await saveWithEach({ chartPath: 'charts/old' });

    assert.equal(again.outputs['archiveDigest'], first.outputs['archiveDigest']);
    for (const { job } of pipelines)
      assert.ok(!existsSync(path.join(job.folders.sources, 'charts/old/requirements.lock')));
  });

  it('may be a whole repository, whose .git is left out', async () => {
    for (const { job } of pipelines) {
      const folder = path.join(job.folders.sources, 'whole');
      writeFiles(folder, { 'Chart.yaml': chartYaml('whole'), 'files/.gitkeep': '' });
      git(folder, 'init', '--quiet');
      git(folder, 'config', 'http.extraheader', 'AUTHORIZATION: bearer token-of-the-job');
      git(folder, 'add', '--all');
      git(folder, 'commit', '--quiet', '--message=Add');
    }

    const { outputs, issues } = await saveWithEach({ chartPath: 'whole' });

    const entries = await entriesOf(outputs['chartPath'] ?? '');
    assert.deepEqual([...entries.keys()].sort(), ['whole/Chart.yaml', 'whole/files/.gitkeep']);
    assert.match(issues.map(({ message }) => message).join(), /holds \.git, which was left out; add \.git\/ to its/);
  });

  it('keep a lock of their own as it is', async () => {
    const lock = 'dependencies: []\ndigest: sha256:0\ngenerated: "2020-01-01T00:00:00.123456789+02:00"\n';
    for (const pipeline of pipelines) {
      writeFiles(path.join(pipeline.job.folders.sources, 'charts/locked'), {
        'Chart.yaml': chartYaml('locked'),
        'Chart.lock': lock,
      });
      pipeline.commit(commitTime);
    }

    const { outputs } = await saveWithEach({ chartPath: 'charts/locked' });

    const kept = (await entriesOf(outputs['chartPath'] ?? '')).get('locked/Chart.lock');
    assert.match(kept?.content.toString() ?? '', /2020-01-01/);
  });
});
