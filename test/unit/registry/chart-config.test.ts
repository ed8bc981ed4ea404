import assert from 'node:assert/strict';
import type { ChartMetadata } from '../../../tasks/common/chart/metadata/metadata.ts';
import { readHelmMetadata } from '../../../tasks/common/chart/metadata/metadata.ts';
import { chartConfig } from '../../../tasks/common/registry/chart/manifest.ts';
import { recording } from './recorded-pushes.ts';

const least: ChartMetadata = { apiVersion: 'v2', name: 'shop', version: '1.0.0' };
const configOf = (metadata: Partial<ChartMetadata>) => chartConfig({ ...least, ...metadata }).toString();

describe('the config blob of a chart', () => {
  it('was recorded for many charts', () => assert.ok(recording.charts.length > 40));

  for (const { name, chartYaml, requirementsYaml, config } of recording.charts) {
    it(`of ${name} is what helm push sent`, () => {
      assert.equal(chartConfig(readHelmMetadata(chartYaml, requirementsYaml)).toString(), config);
    });
  }

  it('holds the fields that are given, in the order of Helm', () => {
    assert.equal(
      configOf({ type: 'library', appVersion: '2.0', description: 'A shop', deprecated: true }),
      '{"name":"shop","version":"1.0.0","description":"A shop","apiVersion":"v2","appVersion":"2.0","deprecated":true,"type":"library"}',
    );
  });

  it('leaves out what is empty, but never the name and repository of a dependency', () => {
    const empty = { description: '', keywords: [], annotations: {}, maintainers: [{ name: '' }] };
    assert.equal(
      configOf({ ...empty, dependencies: [{ name: 'cache', tags: [], alias: '' }] }),
      '{"name":"shop","version":"1.0.0","maintainers":[{}],"apiVersion":"v2","dependencies":[{"name":"cache","repository":""}]}',
    );
  });

  it('sorts annotations by their bytes, not by their UTF-16 units or as numbers', () => {
    const annotations = { '\u{1F600}': 'd', '\uFF21': 'c', b: 'b', '9': 'a', '10': 'a' };
    assert.match(configOf({ annotations }), /"annotations":\{"10":"a","9":"a","b":"b","\uFF21":"c","\u{1F600}":"d"\}/u);
  });
});
