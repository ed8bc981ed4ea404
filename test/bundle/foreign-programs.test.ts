import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobOptions } from '../agent/index.ts';
import { startClusterPipeline } from '../bench/cluster-pipeline.ts';
import { installFakeHelm } from '../bench/fake-helm.ts';
import { startPipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { writeFiles } from '../bench/write-files.ts';

/** The system's own folders, with these entries of PATH before and after them. */
const jobWith = (before: string, after: string): JobOptions => ({
  environment: { PATH: `${before}/usr/bin:/bin${after}` },
});

const ways: readonly (readonly [string, string, string])[] = [
  ['ends in a colon', '', ':'],
  ['begins with a colon', ':', ''],
  ['has two colons', '/usr/local/sbin::', ''],
  ['begins with a dot', '.:', ''],
  ['has a folder of the sources', 'tools:', ':./tools'],
];

/** Puts a program into the sources that leaves a mark wherever it is run; tells whether it was. */
function plant(sources: string, name: string): () => boolean {
  const mark = path.join(sources, 'it-ran');
  const program = `#!/bin/sh\ntouch '${mark}'\necho v4.1.4\n`;
  writeFiles(sources, { [name]: { program }, [`tools/${name}`]: { program } });
  return () => existsSync(mark);
}

describe('A program in the sources', () => {
  for (const [how, before, after] of ways) {
    it(`is not taken for helm by HelmChartSave when PATH ${how}`, async () => {
      const pipeline = await startPipeline({ helm: null, job: jobWith(before, after) });
      try {
        const ran = plant(pipeline.job.folders.sources, 'helm');
        const chartPath = pipeline.addChart('hello');

        const step = await pipeline.run('HelmChartSave', { inputs: { chartPath } });

        assert.equal(ran(), false);
        assert.match(
          refusalOf(step),
          /^There is no helm on the PATH of this agent \(its relative entries do not count/,
        );
      } finally {
        await pipeline.close();
      }
    });
  }

  it('is not taken for kubelogin by AksCredentials', async () => {
    const pipeline = await startClusterPipeline({ programs: [], job: jobWith('.:', ':') });
    try {
      const ran = plant(pipeline.job.folders.sources, 'kubelogin');

      const step = await pipeline.fetch();

      assert.equal(ran(), false);
      assert.match(refusalOf(step), /There is no kubelogin on the PATH of this agent \(its relative entries/);
    } finally {
      await pipeline.close();
    }
  });

  it('is not found by what helm itself starts, which sees no inputs, connections or secrets either', async () => {
    const pipeline = await startPipeline({ job: jobWith('.:', ':') });
    try {
      pipeline.job.variables.set('dbPassword', 's3cret-of-db', { secret: true });
      const file = path.join(pipeline.job.folders.root, 'environment');
      await installFakeHelm(pipeline, `env > '${file}'\nreal`);
      const chartPath = pipeline.addChart('hello');

      const step = await pipeline.run('HelmChartSave', {
        inputs: { chartPath, azureSubscription: 'contoso-azure' },
        env: { SYSTEM_ACCESSTOKEN: '$(System.AccessToken)' },
      });

      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      const lines = (await readFile(file, 'utf8')).split('\n');
      const PATH = lines.find((line) => line.startsWith('PATH='))?.slice('PATH='.length) ?? '';
      assert.deepEqual(
        PATH.split(':').filter((entry) => !entry.startsWith('/')),
        [],
      );
      const foreign = /^(INPUT_|ENDPOINT_|SECRET_|SECUREFILE_|VSTS_TASKVARIABLE_|SYSTEM_ACCESSTOKEN=)|s3cret-of-db/;
      assert.deepEqual(
        lines.filter((line) => foreign.test(line)),
        [],
      );
    } finally {
      await pipeline.close();
    }
  });
});
