import assert from 'node:assert/strict';
import { wantedVersion } from '../../../tasks/HelmChartSave/versions.ts';
import { refusalOf } from '../chart/refusal.ts';

interface Given {
  readonly chartVersion?: string;
  readonly buildMetadata?: string;
}

const wanted = ({ chartVersion, buildMetadata }: Given, inChart: string): string | undefined =>
  wantedVersion({ chartVersion, buildMetadata, appVersion: undefined }, inChart);

describe('the version that a chart is saved as', () => {
  for (const [given, inChart, version] of [
    [{}, 'v1.0', undefined],
    [{ chartVersion: '1.2.3' }, 'v1.0', '1.2.3'],
    [{ buildMetadata: '123' }, '0.1.0', '0.1.0+123'],
    [{ buildMetadata: '20260105.1' }, '0.1.0-rc.1', '0.1.0-rc.1+20260105.1'],
    [{ buildMetadata: '0123' }, '1.2.3+up4', '1.2.3+up4.0123'],
    [{ buildMetadata: '9', chartVersion: '2.0.0+a' }, 'latest', '2.0.0+a.9'],
  ] as const) {
    it(`is ${version ?? 'that of Chart.yaml'} by ${JSON.stringify(given)} and ${inChart}`, () =>
      assert.equal(wanted(given, inChart), version));
  }

  for (const [given, inChart, reason] of [
    [
      { buildMetadata: 'feature/x' },
      '0.1.0',
      /^Input buildMetadata is "feature\/x"; it takes letters A to Z, digits and dash/,
    ],
    [{ buildMetadata: 'a..b' }, '0.1.0', /single dots/],
    [{ buildMetadata: '+1' }, '0.1.0', /^Input buildMetadata is "\+1"/],
    [
      { buildMetadata: '1' },
      'v0.1.0',
      /^The version with input buildMetadata is "v0\.1\.0\+1": .* no leading "v".*Write "0\.1\.0\+1"/,
    ],
    [{ buildMetadata: '1' }, '0.1', /"0\.1\+1", which is not a SemVer 2 version/],
    [{ buildMetadata: 'x'.repeat(130) }, '0.1.0', /136 characters: it becomes a tag .* at most 128/],
    [{ chartVersion: 'v1.2.3', buildMetadata: '1' }, '0.1.0', /^The input chartVersion is "v1\.2\.3"/],
  ] as const) {
    it(`is none by ${JSON.stringify(given).slice(0, 60)} and ${inChart}`, async () =>
      assert.match(await refusalOf(() => wanted(given, inChart)), reason));
  }
});
