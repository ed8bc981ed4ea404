import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chartArchive, pull } from '../bench/chart-steps.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';
import { chartWith, chartYamlEntry, tarOf } from '../unit/chart/hostile-archive.ts';

const zeros = Buffer.alloc(3 * 1024 * 1024);

const hostile: Readonly<Record<string, { archive: Buffer; says: RegExp }>> = {
  'an absolute path': {
    archive: chartWith({ name: '/tmp/evil', body: 'x' }),
    says: /"\/tmp\/evil", which is an absolute path/,
  },
  'a path upwards': { archive: chartWith({ name: 'app/../../evil', body: 'x' }), says: /has the part "\.\."/ },
  'a symbolic link': {
    archive: chartWith({ name: 'app/link', type: '2', linkname: '/etc' }),
    says: /which is a symbolic link/,
  },

  'the same name twice': {
    archive: chartWith({ name: 'app/Chart.yaml', body: 'name: evil\n' }),
    says: /app\/Chart\.yaml/,
  },
  'a file beside the chart': {
    archive: chartWith({ name: 'evil', body: 'x' }),
    says: /"evil" outside of the chart's folder/,
  },
  'another chart beside it': {
    archive: chartWith({ name: 'evil/Chart.yaml', body: 'x' }),
    says: /more than one top folder/,
  },
  'more than it may unpack to': {
    archive: chartWith({ name: 'app/zeros', body: zeros }),
    says: /at most 1048576|more than the allowed 1048576/,
  },
  'a size that lies': {
    archive: gzipSync(tarOf([chartYamlEntry, { name: 'app/x', body: 'x', size: 5000 }])),
    says: /damaged/,
  },
  'no gzip': { archive: Buffer.from('not an archive'), says: /is not a gzip file/ },
};

describe('HelmChartPull writes nothing of a hostile archive', () => {
  together(
    hostile,
    async ({ archive }) => {
      const pipeline = await startPipeline({ helm: null });
      await pipeline.registry.seedChart('helm', { name: 'app', version: '1.2.3', archive });
      const destination = path.join(pipeline.job.folders.temp, 'pulled');
      const step = await pull(pipeline, { destination, unpack: 'true', maxUnpackedMB: '1' });
      const left = [destination, pipeline.job.folders.sources].flatMap((folder) => readdirSync(folder));
      await pipeline.close();
      return { step, left };
    },
    ({ step, left }, { says }) => {
      assert.match(refusalOf(step), says);
      assert.deepEqual(left, []);
    },
  );
});

describe('HelmChartPull with unpack', () => {
  let pipeline: Pipeline;
  let destination: string;

  const seed = (version: string, ...files: Parameters<typeof chartArchive>[3][]): Promise<string> =>
    pipeline.registry.seedChart('helm', { name: 'app', version, archive: chartArchive('app', version, '', ...files) });
  const unpacked = (chartVersion: string) => pull(pipeline, { destination, unpack: 'true', chartVersion });

  before(async () => {
    pipeline = await startPipeline({ helm: null });
    destination = path.join(pipeline.job.folders.temp, 'pulled');
    await seed(
      '1.0.0',
      { name: 'app/values.yaml', body: 'replicas: 1\n' },
      { name: 'app/templates/old.yaml', body: '' },
    );
    await seed('2.0.0', { name: 'app/values.yaml', body: 'replicas: 2\n' });
  });
  after(() => pipeline.close());

  it('gives the folder of the chart', async () => {
    const step = await unpacked('1.0.0');
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(step.outputs['chartPath'], path.join(destination, 'app'));
    assert.equal(readFileSync(path.join(destination, 'app/values.yaml'), 'utf8'), 'replicas: 1\n');
  });

  it('can be repeated', async () => {
    const step = await unpacked('1.0.0');
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(readdirSync(destination).sort(), ['app', 'app-1.0.0.tgz']);
  });

  it('replaces another version, of which nothing stays', async () => {
    const step = await unpacked('2.0.0');
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(readFileSync(path.join(destination, 'app/values.yaml'), 'utf8'), 'replicas: 2\n');
    assert.equal(existsSync(path.join(destination, 'app/templates')), false);
  });

  it('follows no link out of the job in the place of its destination', async function () {
    // Windows lets only some users make links.
    if (process.platform === 'win32') this.skip();
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'another-pipeline-'));
    destination = path.join(pipeline.job.folders.temp, 'linked');
    symlinkSync(elsewhere, destination);
    assert.match(
      refusalOf(await unpacked('2.0.0')),
      /linked leads out of the folders of this job, to .*another-pipeline-/,
    );
    assert.deepEqual(readdirSync(elsewhere), []);
    rmSync(elsewhere, { recursive: true });
  });

  it("leaves a folder alone that holds anything but the chart's versions", async () => {
    destination = path.join(pipeline.job.folders.temp, 'elsewhere');
    mkdirSync(path.join(destination, 'app'), { recursive: true });
    writeFileSync(path.join(destination, 'app/notes.txt'), 'mine');
    assert.match(refusalOf(await unpacked('2.0.0')), /the folder in its place does not hold the chart "app"/);
    assert.deepEqual(readdirSync(path.join(destination, 'app')), ['notes.txt']);
  });
});
