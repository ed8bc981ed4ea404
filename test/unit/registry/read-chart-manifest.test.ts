import assert from 'node:assert/strict';
import { readChartManifest } from '../../../tasks/common/registry/chart/read-manifest.ts';
import { refusalOf } from '../chart/refusal.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const config = { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: digest('a'), size: 100 };
const chart = { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: digest('b'), size: 2000 };
const provenance = { mediaType: 'application/vnd.cncf.helm.chart.provenance.v1.prov', digest: digest('c'), size: 30 };
const manifest = {
  schemaVersion: 2,
  config,
  layers: [chart],
  annotations: { 'org.opencontainers.image.title': 'app' },
};

const reference = 'oci://contoso.azurecr.io/helm/app:1.2.3';
const read = (value: unknown) => readChartManifest(Buffer.from(JSON.stringify(value)), reference);
const refusal = (value: unknown) => refusalOf(() => read(value));
const withChart = (change: object) => ({ ...manifest, layers: [{ ...chart, ...change }] });

describe('a manifest that a registry gave', () => {
  it('names the blobs of a chart', () => {
    assert.deepEqual(read(manifest), {
      config: { digest: digest('a'), size: 100 },
      layer: { digest: digest('b'), size: 2000 },
      annotations: { 'org.opencontainers.image.title': 'app' },
    });
  });

  it('may have a provenance layer on either side', () => {
    for (const layers of [
      [chart, provenance],
      [provenance, chart],
    ]) {
      assert.deepEqual(read({ ...manifest, layers }).provenance, { digest: digest('c'), size: 30 });
    }
  });

  it('may be of an old Helm', () => {
    assert.equal(read(withChart({ mediaType: 'application/tar+gzip' })).layer.digest, digest('b'));
  });

  it('may say more than we need', () => {
    const more = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.cncf.helm.config.v1+json',
      subject: { ...config, mediaType: 'application/vnd.oci.image.manifest.v1+json' },
      layers: [{ mediaType: 'text/plain', digest: 'sha512:00', size: 1 }, { ...chart, annotations: { x: 'y' } }, 7],
      annotations: { title: 'app', count: 3, none: null },
    };
    assert.deepEqual(read({ ...manifest, ...more }), { ...read(manifest), annotations: { title: 'app' } });
  });

  it('may have no annotations', () => {
    for (const annotations of [null, undefined, [], 'text']) {
      assert.deepEqual(read({ ...manifest, annotations }).annotations, {});
    }
  });

  for (const [what, value, reason] of [
    [
      'a Docker image',
      { ...manifest, config: { ...config, mediaType: 'application/vnd.docker.container.image.v1+json' } },
      /is a container image, not a Helm chart/,
    ],
    [
      'an OCI image',
      { ...manifest, config: { ...config, mediaType: 'application/vnd.oci.image.config.v1+json' } },
      /is a container image, not a Helm chart/,
    ],
    [
      'another artifact',
      { ...manifest, config: { ...config, mediaType: 'application/vnd.oci.empty.v1+json' } },
      /not a Helm chart.*"application\/vnd\.oci\.empty\.v1\+json"/,
    ],
    ['an image index', { schemaVersion: 2, manifests: [config] }, /is an image index, not a Helm chart/],
    ['an image of schema 1', { schemaVersion: 1, name: 'app', fsLayers: [] }, /not an OCI image manifest/],
    ['no config', { schemaVersion: 2, layers: [chart] }, /not an OCI image manifest/],
    ['no layers', { ...manifest, layers: undefined }, /holds no chart: the media types of its layers are none/],
    ['a single layer that is no chart', { ...manifest, layers: [provenance] }, /holds no chart.*provenance\.v1\.prov/],
    [
      'two charts',
      { ...manifest, layers: [chart, { ...chart, mediaType: 'application/tar+gzip' }] },
      /more than one chart layer .*\(2\)/,
    ],
    [
      'two provenance layers',
      { ...manifest, layers: [chart, provenance, provenance] },
      /more than one provenance layer/,
    ],
    ['a digest in upper case', withChart({ digest: digest('B') }), /chart layer .*has the digest "sha256:BB/],
    ['a digest of another algorithm', withChart({ digest: 'sha512:00' }), /has the digest "sha512:00"/],
    ['a digest with a path', withChart({ digest: `../${digest('b')}` }), /has the digest "\.\.\/sha256/],
    ['no digest', withChart({ digest: undefined }), /has the digest missing/],
    ['a size that is text', withChart({ size: '2000' }), /has the size "2000"/],
    ['a negative size', withChart({ size: -1 }), /has the size -1/],
    ['a broken size', withChart({ size: 1.5 }), /has the size 1\.5/],
    ['a size beyond all numbers', withChart({ size: 1e300 }), /has the size 1e\+300/],
    ['a config without size', { ...manifest, config: { ...config, size: null } }, /config of .*has the size null/],
    ['a list', [manifest], /not a JSON object/],
    ['nothing', null, /not a JSON object: "null"/],
  ] as const) {
    it(`is refused if it is or has ${what}`, async () => {
      const message = await refusal(value);
      assert.match(message, reason);
      assert.ok(message.includes(reference), message);
    });
  }

  it('is refused if it is not JSON, and shown without what could mislead', async () => {
    const page = Buffer.from('<html>\r\n##vso[task.complete result=Succeeded]\u202e</html>');
    assert.match(
      await refusalOf(() => readChartManifest(page, reference)),
      /not a JSON object: "<html>\\u\{d\}\\u\{a\}/,
    );
  });
});
