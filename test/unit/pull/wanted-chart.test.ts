import assert from 'node:assert/strict';
import type { Inputs } from '../../../tasks/HelmChartPull/inputs.gen.ts';
import { wantedChart } from '../../../tasks/HelmChartPull/wanted-chart.ts';
import { refusalOf } from '../chart/refusal.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const reference = `oci://contoso.azurecr.io/helm/web:1.2.3_build.5`;

const nothing: Inputs = {
  azureSubscription: undefined,
  containerRegistry: undefined,
  chartRef: undefined,
  registry: undefined,
  repository: undefined,
  chartVersion: undefined,
  chartDigest: undefined,
  destination: undefined,
  unpack: false,
  maxUnpackedMB: 2,
};

const wanted = (inputs: Partial<Inputs>) => wantedChart({ ...nothing, ...inputs });

describe('the chart that is wanted', () => {
  it('stands in one reference, whose tag is the version', () => {
    assert.deepEqual(wanted({ chartRef: reference }), {
      referred: { input: 'chartRef', loginServer: 'contoso.azurecr.io' },
      repository: 'helm/web',
      version: '1.2.3+build.5',
      digest: undefined,
      maxUnpacked: 2 * 1024 * 1024,
    });
  });

  it('stands in inputs of its own, or in both where these agree', () => {
    const parts = { repository: 'helm/web', chartVersion: '1.2.3+build.5' };
    assert.deepEqual(wanted(parts), { ...wanted({ chartRef: reference }), referred: undefined });
    assert.deepEqual(wanted({ ...parts, chartRef: reference }), wanted({ chartRef: reference }));
    assert.equal(wanted({ chartRef: reference, chartDigest: digest }).digest, digest);
  });

  it('may have a version as other people write it', () => {
    assert.equal(wanted({ repository: 'helm/web', chartVersion: 'v1.15.3' }).version, 'v1.15.3');
    assert.equal(wanted({ chartRef: 'oci://contoso.azurecr.io/helm/web:v1.15.3' }).version, 'v1.15.3');
  });

  for (const [inputs, reason] of [
    [{ chartRef: `${reference},${reference}` }, /^Input chartRef is "oci.*, a list of 2 as .* give one of them\. Push/],
    [
      { repository: 'helm/web', chartDigest: `${digest},${digest},${digest}` },
      /^Input chartDigest is .* a list of 3 as /,
    ],
    [{ repository: 'helm/web', chartVersion: '1.2.3,1.3.0' }, /^Input chartVersion is "1\.2\.3,1\.3\.0", a list of 2 /],
    [{ repository: 'helm/web' }, /^Give the input chartVersion or chartDigest .* never pulled as "latest"/],
    [
      { chartRef: reference, chartVersion: '1.2.4' },
      /^Input chartRef says '1\.2\.3\+build\.5', input chartVersion says '1\.2\.4'/,
    ],
    [
      { chartRef: reference, repository: 'helm/other' },
      /^Input chartRef says 'helm\/web', input repository says 'helm\/other'/,
    ],
    [{ repository: 'helm/web', chartVersion: 'latest' }, /nput chartVersion is "latest", which is not a SemVer 2/],
    [{ repository: 'Helm/Web', chartVersion: '1.2.3' }, /Helm\/Web/],
    [{ repository: 'helm/web', chartDigest: 'sha256:ab' }, /sha256:ab/],
  ] as const) {
    it(`cannot be ${JSON.stringify(inputs)}`, async () => {
      assert.match(await refusalOf(() => wanted(inputs)), reason);
    });
  }
});
