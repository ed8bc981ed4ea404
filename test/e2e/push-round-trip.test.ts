import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RegistrySettings } from '../azure/index.ts';
import { chartArchive, pull, push, stage, stageApp } from '../bench/chart-steps.ts';
import { helmClient, sha256 } from '../bench/helm-client.ts';
import { helms, obtainHelms } from '../bench/helms.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { together } from '../bench/together.ts';

const repository = 'oci://contoso.azurecr.io/helm/app';
const versions = ['1.2.3', '1.3.0-rc.1', '2.0.0+build.5'];

describe('A chart comes back byte for byte', () => {
  const cases: Readonly<Record<string, Partial<RegistrySettings>>> = {
    'from a registry that gives whole addresses to upload to': { absoluteLocations: true },
    'from a registry that gives blobs itself': { blobRedirect: false },
    'although the token of the registry ends in the middle of the upload': { accessTokenLife: 2 },
  };

  together(
    cases,
    async (settings) => {
      const pipeline = await startPipeline({ helm: null, registry: settings });
      const archive = stageApp(pipeline);
      if (settings.accessTokenLife !== undefined) {
        pipeline.registry.fault({ kind: '429', match: ({ method }) => method === 'PATCH', retryAfter: '3' });
      }
      const pushed = await push(pipeline);
      const pulled = await pull(pipeline);
      const bytes = pulled.result === 'Succeeded' ? readFileSync(pulled.outputs['chartPath'] ?? '') : undefined;
      await pipeline.close();
      return { archive, pushed, bytes };
    },
    ({ archive, pushed, bytes }) => {
      assert.equal(pushed.result, 'Succeeded', pushed.log.join('\n'));
      assert.deepEqual(bytes, archive);
    },
  );
});

describe('A chart that was pushed', () => {
  obtainHelms();
  const archives = new Map(versions.map((version) => [version, chartArchive('app', version, 'appVersion: "7"\n')]));
  let pipeline: Pipeline;
  let digestRefs: string[];

  before(async () => {
    pipeline = await startPipeline({ helm: null });
    for (const [version, archive] of archives) stage(pipeline, `app-${version}.tgz`, archive);
    const pushed = await push(pipeline);
    assert.equal(pushed.result, 'Succeeded', pushed.log.join('\n'));
    assert.equal(pushed.outputs['chartVersion'], versions.join(','));
    digestRefs = (pushed.outputs['chartDigestRef'] ?? '').split(',');
  });

  after(() => pipeline.close());

  it('has the version as its tag, with "_" for "+"', async () => {
    assert.deepEqual(await pipeline.registry.tags('helm/app'), ['1.2.3', '1.3.0-rc.1', '2.0.0_build.5']);
  });

  for (const id of helms) {
    it(`comes back byte for byte through ${id}, by version and by digest`, async () => {
      const helm = await helmClient(pipeline, id);
      for (const [index, [version, archive]] of [...archives].entries()) {
        const byVersion = await helm.pull(repository, '--version', version);
        assert.equal(byVersion, sha256(archive), version);
        assert.equal(await helm.pull(digestRefs[index] ?? ''), sha256(archive), version);
      }
    });
  }

  describe('comes back byte for byte through HelmChartPull', () => {
    const build = '2.0.0+build.5';
    const whole = { repository: '', chartVersion: '' };
    const cases: Readonly<Record<string, (digest: string) => Record<string, string>>> = {
      'by version': () => ({ chartVersion: build }),
      'by digest': (digest) => ({ chartVersion: '', chartDigest: digest }),
      'by a reference with its digest': (digest) => ({ ...whole, chartRef: `${repository}@${digest}` }),
      'by a reference with version and digest': (digest) => ({
        ...whole,
        chartRef: `${repository}:${build}@${digest}`,
      }),
    };
    for (const [name, inputs] of Object.entries(cases)) {
      it(name, async () => {
        const digest = digestRefs[versions.indexOf(build)]?.split('@')[1] ?? '';
        const step = await pull(pipeline, inputs(digest));
        assert.equal(step.result, 'Succeeded', step.log.join('\n'));
        const { chartPath = '', ...outputs } = step.outputs;
        assert.deepEqual(outputs, { chartVersion: build, chartDigest: digest, appVersion: '7' });
        assert.equal(path.basename(chartPath), `app-${build}.tgz`);
        assert.deepEqual(readFileSync(chartPath), archives.get(build));
      });
    }
  });
});
