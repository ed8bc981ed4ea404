import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';

import { pipeline as streamed } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { StepResult } from '../agent/index.ts';
import { chartArchive, pull, push, stage } from '../bench/chart-steps.ts';
import { sha256 } from '../bench/helm-client.ts';
import { withPeakMemory } from '../bench/peak-memory.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { tarOf } from '../unit/chart/hostile-archive.ts';

const MB = 1024 * 1024;
/** What a step may hold of the 64 MB at any time, besides what it needs for a tiny chart. */
const allowanceMB = 96;

interface Measured {
  readonly step: StepResult;
  readonly peakMB: number;
}

describe('A chart archive of 64 MB', () => {
  let pipeline: Pipeline;
  let digest: string;
  const measured = new Map<string, Measured>();

  before(async () => {
    pipeline = await startPipeline({ helm: null });
    const content = randomBytes(64 * MB);
    const chartYaml = 'apiVersion: v2\nname: large\nversion: 1.0.0\n';
    const files = [
      { name: 'large/Chart.yaml', body: chartYaml, mtime: 1_700_000_000 },
      { name: 'large/files/content', body: content },
    ];
    const archive = gzipSync(tarOf(files), { level: 0 });
    digest = sha256(archive);
    stage(pipeline, 'large/large.tgz', archive);
    stage(pipeline, 'tiny/tiny.tgz', chartArchive('tiny', '1.0.0'));
    for (const name of ['tiny', 'large']) {
      const chartPath = `${pipeline.job.folders.staging}/${name}/*.tgz`;
      measured.set(`push ${name}`, await withPeakMemory(pipeline, (env) => push(pipeline, { chartPath }, { env })));
      const inputs = { repository: `helm/${name}`, chartVersion: '1.0.0', unpack: 'true' };
      measured.set(`pull ${name}`, await withPeakMemory(pipeline, (env) => pull(pipeline, inputs, { env })));
    }
  });

  after(() => pipeline.close());

  it('comes back with the same bytes', async () => {
    for (const { step } of measured.values()) assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const hash = createHash('sha256');
    await streamed(createReadStream(`${pipeline.job.folders.root}/_work/1/charts/large-1.0.0.tgz`), hash);
    assert.equal(`sha256:${hash.digest('hex')}`, digest);
  });

  for (const action of ['push', 'pull']) {
    it(`is never held in memory as a whole (${action})`, () => {
      const [tiny = 0, large = Infinity] = ['tiny', 'large'].map((name) => measured.get(`${action} ${name}`)?.peakMB);
      assert.ok(large < tiny + allowanceMB, `${tiny} MB for a tiny chart, ${large} MB for 64 MB`);
    });
  }

  it('is fetched from the data host, which never sees the sign-in to the registry', () => {
    const fetched = pipeline.azure.requests.filter(({ host }) => host.endsWith('.blob.core.windows.net'));
    assert.equal(fetched.length, 2);
    for (const { headers, status } of fetched) {
      assert.equal(status, 200);
      assert.equal(headers['authorization'], undefined);
    }
  });
});
