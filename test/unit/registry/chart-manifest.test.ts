import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ChartMetadata } from '../../../tasks/common/chart/metadata/metadata.ts';
import { readHelmMetadata } from '../../../tasks/common/chart/metadata/metadata.ts';
import { chartConfig } from '../../../tasks/common/registry/chart/manifest.ts';
import { chartManifest } from '../../../tasks/common/registry/chart/manifest.ts';
import { readChartManifest } from '../../../tasks/common/registry/chart/read-manifest.ts';
import { recording } from './recorded-pushes.ts';

function descriptorOf(content: Buffer | string) {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, size: Buffer.byteLength(content) };
}

const least: ChartMetadata = { apiVersion: 'v2', name: 'shop', version: '1.0.0' };

function annotationsOf(
  metadata: Partial<ChartMetadata>,
  { created = new Date('2026-11-22T19:00:21Z'), extraAnnotations = {} } = {},
) {
  const blob = descriptorOf('');
  const parts = { metadata: { ...least, ...metadata }, config: blob, layer: blob, created, extraAnnotations };
  const { annotations } = readChartManifest(chartManifest(parts), 'the manifest');
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [name.replace('org.opencontainers.image.', ''), value]),
  );
}

describe('the manifest of a chart', () => {
  const created = new Date(recording.created);

  for (const { name, chartYaml, requirementsYaml, provenance, layer, manifest } of recording.charts) {
    it(`of ${name} is what helm push sent`, () => {
      const metadata = readHelmMetadata(chartYaml, requirementsYaml);
      const config = descriptorOf(chartConfig(metadata));
      const signed = provenance === undefined ? {} : { provenance: descriptorOf(provenance) };
      assert.equal(chartManifest({ metadata, config, layer, ...signed, created }).toString(), manifest);
    });
  }

  it('was recorded with the provenance layer before and behind the chart layer', () => {
    const signed = recording.charts.filter(({ provenance }) => provenance !== undefined);
    const first = signed.map(
      ({ manifest }) => /"layers":\[\{"mediaType":"[^"]*\.(gzip|prov|tar\+gzip)"/.exec(manifest)?.[1],
    );
    assert.deepEqual(new Set(first), new Set(['tar+gzip', 'prov']));
  });

  it('gives the time in whole seconds of UTC', () => {
    const almost = new Date('2026-11-22T20:00:21.999+01:00');
    assert.equal(annotationsOf({}, { created: almost })['created'], '2026-11-22T19:00:21Z');
  });

  it('joins the maintainers as authors', () => {
    const maintainers = [
      { name: 'Ada', email: 'ada@contoso.example' },
      { name: 'Bob' },
      { email: 'c@contoso.example' },
    ];
    assert.equal(annotationsOf({ maintainers })['authors'], 'Ada (ada@contoso.example), Bob,  (c@contoso.example)');
  });

  it('has our annotations beside those of Helm', () => {
    const extraAnnotations = {
      'org.opencontainers.image.revision': '0123abc',
      'org.opencontainers.image.source': 'https://git.contoso.example/shop',
    };
    assert.deepEqual(annotationsOf({}, { extraAnnotations }), {
      created: '2026-11-22T19:00:21Z',
      revision: '0123abc',
      source: 'https://git.contoso.example/shop',
      title: 'shop',
      version: '1.0.0',
    });
  });

  it('never lets ours replace what the author or Helm wrote, nor appear when empty', () => {
    const extraAnnotations = {
      'org.opencontainers.image.revision': 'ours',
      'org.opencontainers.image.source': 'ours',
      'org.opencontainers.image.created': 'ours',
      'org.opencontainers.image.title': 'ours',
      'org.opencontainers.image.version': 'ours',
      'org.opencontainers.image.vendor': ' ',
    };
    const chart = { sources: ['theirs'], annotations: { 'org.opencontainers.image.revision': 'theirs' } };
    assert.deepEqual(annotationsOf(chart, { extraAnnotations }), {
      created: '2026-11-22T19:00:21Z',
      revision: 'theirs',
      source: 'theirs',
      title: 'shop',
      version: '1.0.0',
    });
  });
});
