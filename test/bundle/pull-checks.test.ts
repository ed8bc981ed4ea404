import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { EmulatedRegistry } from '../azure/index.ts';
import { chartArchive, pull } from '../bench/chart-steps.ts';
import { startPipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';

const app = chartArchive('app', '1.2.3');
const configType = 'application/vnd.cncf.helm.config.v1+json';
const layerType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const digest = `sha256:${'a'.repeat(64)}`;

interface Parts {
  readonly archive?: Buffer;
  readonly layer?: object;
  readonly manifest?: object;
}

/** Puts a manifest of a chart under the version, with some parts other than they should be. */
function seeded({ archive = app, layer = {}, manifest = {} }: Parts) {
  return async (registry: EmulatedRegistry): Promise<void> => {
    const config = { mediaType: configType, digest: await registry.seedBlob('helm/app', Buffer.from('{}')), size: 2 };
    const blob = await registry.seedBlob('helm/app', archive);
    const layers = [{ mediaType: layerType, digest: blob, size: archive.length, ...layer }];
    registry.seedManifest('helm/app', '1.2.3', { schemaVersion: 2, config, layers, ...manifest });
  };
}

const image = (mediaType: string): object => ({ config: { mediaType, digest, size: 2 } });
const index = 'application/vnd.oci.image.index.v1+json';

const cases: Readonly<Record<string, { seed: (registry: EmulatedRegistry) => unknown; says: RegExp }>> = {
  'an image index': {
    seed: (registry) => registry.seedManifest('helm/app', '1.2.3', { schemaVersion: 2, manifests: [] }, index),
    says: /is an image index, not a Helm chart/,
  },
  'a container image of docker': {
    seed: seeded({ manifest: image('application/vnd.docker.container.image.v1+json') }),
    says: /is a container image, not a Helm chart/,
  },
  'a container image': {
    seed: seeded({ manifest: image('application/vnd.oci.image.config.v1+json') }),
    says: /is a container image, not a Helm chart/,
  },
  'something else with a manifest': {
    seed: seeded({ manifest: image('application/vnd.contoso.sbom+json') }),
    says: /is not a Helm chart: its config has the media type "application\/vnd\.contoso\.sbom\+json"/,
  },
  'a manifest that is no object': {
    seed: (registry) => registry.seedManifest('helm/app', '1.2.3', ['nothing', 'of', 'use']),
    says: /is not a JSON object: "\["nothing","of","use"\]"/,
  },
  'a manifest without layers': {
    seed: seeded({ manifest: { layers: [] } }),
    says: /holds no chart: the media types of its layers are none/,
  },
  'a manifest of 5 MB': {
    seed: seeded({ manifest: { annotations: { large: 'x'.repeat(5_000_000) } } }),
    says: /sent an answer of more than the allowed 4194304 bytes/,
  },
  'a layer without digest': {
    seed: seeded({ layer: { digest: '../../etc/passwd' } }),
    says: /has the digest "\.\.\/\.\.\/etc\/passwd" instead of sha256:/,
  },
  'an archive larger than the manifest says': {
    seed: seeded({ layer: { size: app.length - 1 } }),
    says: /sent more than the \d+ bytes of sha256:/,
  },
  'an archive smaller than the manifest says': {
    seed: seeded({ layer: { size: app.length + 1 } }),
    says: /sent \d+ bytes with digest .* instead of \d+ bytes/,
  },
  'an archive of terabytes': {
    seed: seeded({ layer: { size: 3e12 } }),
    says: /is an archive of 3000000000000 bytes, more than input maxUnpackedMB allows/,
  },
  'an archive that is gone': {
    seed: seeded({ layer: { digest } }),
    says: /A part of the chart is missing in helm\/app of contoso\.azurecr\.io \(HTTP 404 BLOB_UNKNOWN/,
  },
  'another chart': {
    seed: seeded({ archive: chartArchive('other', '1.2.3') }),
    says: /holds the chart 'other', not 'app' as its repository says/,
  },
  'another version of the chart': {
    seed: seeded({ archive: chartArchive('app', '1.2.4') }),
    says: /holds version 1\.2\.4 of the chart, not 1\.2\.3 as asked/,
  },
};

describe('HelmChartPull takes nothing but the chart that was asked for, and leaves nothing behind', () => {
  together(
    cases,
    async ({ seed }) => {
      const pipeline = await startPipeline({ helm: null, role: 'AcrPull' });
      await seed(pipeline.registry);
      const step = await pull(pipeline, { destination: path.join(pipeline.job.folders.temp, 'pulled') });
      const destination = path.join(pipeline.job.folders.temp, 'pulled');
      const left = existsSync(destination) ? readdirSync(destination) : [];
      await pipeline.close();
      return { step, left };
    },
    ({ step, left }, { says }) => {
      assert.match(refusalOf(step), says);
      assert.deepEqual(left, []);
    },
  );
});
