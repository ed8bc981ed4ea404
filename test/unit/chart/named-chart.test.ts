import assert from 'node:assert/strict';
import { type NamedChart, namedChart } from '../../../tasks/common/chart/source/named-chart.ts';
import { refusalOf } from './refusal.ts';

const digest = `sha256:${'a'.repeat(64)}`;

function named(chart: string, repository?: string, version?: string): NamedChart {
  return namedChart({
    chart: { input: 'chart', value: chart },
    repository: { input: 'chartRepository', value: repository },
    version: { input: 'chartVersion', value: version },
  });
}

describe('A chart to deploy is named', () => {
  for (const [reference, version, expected] of [
    ['oci://contoso.azurecr.io/helm/app:1.2.3', undefined, { version: '1.2.3', digest: undefined }],
    ['oci://Contoso.azurecr.io/helm/app:1.2.3_b.7', undefined, { version: '1.2.3+b.7', digest: undefined }],
    ['oci://contoso.azurecr.io/helm/app:1.2.3+b.7', '1.2.3+b.7', { version: '1.2.3+b.7', digest: undefined }],
    ['oci://contoso.azurecr.io/helm/app:v1.15.3', undefined, { version: 'v1.15.3', digest: undefined }],
    [`oci://contoso.azurecr.io/helm/app@${digest}`, undefined, { version: undefined, digest }],
    [`oci://contoso.azurecr.io/helm/app:1.2.3@${digest}`, undefined, { version: '1.2.3', digest }],
    [`oci://contoso.azurecr.io/helm/app@${digest}`, '1.2.3', { version: '1.2.3', digest }],
    ['oci://contoso.azurecr.io/helm/app', '1.2.3', { version: '1.2.3', digest: undefined }],
  ] as const) {
    it(`by ${reference.replace(digest, 'sha256:…')}${version === undefined ? '' : ` and version ${version}`}`, () => {
      assert.deepEqual(named(reference, undefined, version), {
        from: 'registry',
        loginServer: 'contoso.azurecr.io',
        repository: 'helm/app',
        ...expected,
      });
    });
  }

  it('by its name in a chart repository, with its version', () => {
    const repository = 'https://charts.contoso.example/stable/';
    const expected = { from: 'repository', name: 'ingress-nginx', repository, version: '4.11.2' };
    assert.deepEqual(named('ingress-nginx', repository, '4.11.2'), expected);
    assert.deepEqual(named('ingress-nginx', 'https://CHARTS.contoso.example/stable/', 'v4.11.2'), {
      ...expected,
      version: 'v4.11.2',
    });
  });

  for (const path of [
    'charts/app',
    './app',
    '/agent/_work/1/drop/app-1.2.3.tgz',
    'drop/*.tgz',
    'C:\\agent\\_work\\1\\s\\app',
    'charts.v2/app',
    'app',
  ]) {
    it(`by the path ${path}`, () => {
      assert.deepEqual(named(path), { from: 'path', path, version: undefined });
    });
  }
});

describe('A chart to deploy is refused, with what was given,', () => {
  const reference = 'oci://contoso.azurecr.io/helm/app';
  const repository = 'https://charts.contoso.example';
  for (const [what, inputs, reason] of [
    ['by a tag that is no version', [`${reference}:latest`], /:latest", with the tag 'latest', which may be another/],
    [
      'by a tag of another kind',
      [`${reference}:1.2.x`],
      /^The version in input chart is "1\.2\.x", which is not a Sem/,
    ],
    [
      'without a version',
      [reference],
      /helm\/app", which names no version: add one, as in oci:.*app:1\.2\.3, or the dig/,
    ],
    [
      'with two versions',
      [`${reference}:1.2.3`, undefined, '1.2.4'],
      /:1\.2\.3", and input chartVersion is '1\.2\.4'; l/,
    ],
    [
      'as a broken reference',
      ['oci://contoso.azurecr.io'],
      /^Input chart: "oci:\/\/contoso\.azurecr\.io" is not a chart/,
    ],
    ['with half a digest', [`${reference}@sha256:12`], /^Input chart: The digest is "sha256:12": give sha256: and 64/],
    ['with a scheme in capitals', ['OCI://contoso.azurecr.io/app:1.0.0'], /write oci:\/\/ in lower case/],
    ['without its scheme', ['contoso.azurecr.io/helm/app:1.2.3'], /a chart in a registry begins with oci:\/\//],
    ['as several charts', [`${reference}:1.0.0,${reference}:2.0.0`], /^Input chart is .*, a list of 2/],
    [
      'by an address',
      [`${repository}/app-1.0.0.tgz`],
      /begins with https:\/\/\. A chart of a chart repository is given/,
    ],
    ['by an unsafe address', ['http://charts.contoso.example/app.tgz'], /begins with http:\/\/\. A chart of a chart/],
    ['by a file address', ['file:///charts/app'], /begins with file:\/\/; give the path itself/],
    ['by an odd address', ['git://contoso.example/app'], /begins with git:\/\/, which is no place for charts/],
    ['from a repository without a version', ['app', repository], /input chartVersion is empty: give one version/],
    [
      'from a repository by a path',
      ['stable/app', repository, '1.0.0'],
      /beside input chartRepository it takes the mere/,
    ],
    ['from a repository by a reference', [reference, repository, '1.0.0'], /leave chartRepository empty/],
    ['from a repository with a flag for a name', ['--help', repository, '1.0.0'], /takes the mere name of a chart/],
    ...['^1.2.3', '1.x', '>=1.2.3 <2', '1.2', '*', '~1.2.3', '1.2.3 - 2.0.0'].map(
      (range) =>
        [
          `by the range ${range}`,
          ['app', repository, range],
          /input chartVersion is .*may fit: it must be exact/,
        ] as const,
    ),
    ['by a version that is none', ['app', repository, 'latest'], /"latest", which is no version: it must be exact/],
    ['from an unsafe repository', ['app', 'http://charts.example', '1.0.0'], /begins with http:\/\/, where anybody/],
    [
      'from a registry as a repository',
      ['app', 'oci://x.azurecr.io/helm', '1.0.0'],
      /which is a registry: leave it empty/,
    ],
    ['from a repository of the agent', ['app', '@stable', '1.0.0'], /"@stable"; it takes the https address of a chart/],
    [
      'from a repository with odd characters',
      ['app', 'https://ch\u00e4rts.example', '1.0.0'],
      /it takes the https address/,
    ],
    ['from a repository with slashes the wrong way', ['app', 'https:\\\\x.example', '1.0.0'], /it takes the https/],
    [
      'from a repository with a query',
      ['app', 'https://x.example/?sig=abc', '1.0.0'],
      /x\.example with a query or a frag/,
    ],
  ] as const) {
    it(what, async () => {
      const [chart, from, version] = inputs;
      assert.match(await refusalOf(() => named(chart, from, version)), reason);
    });
  }

  it('from a repository with a password in its address, which no message shows', async () => {
    const address = 'https://reader:gr33n-horse@charts.contoso.example';
    const message = await refusalOf(() => named('app', address, '1.0.0'));
    assert.match(
      message,
      /^Input chartRepository names charts\.contoso\.example with a user or a password, which would/,
    );
    assert.doesNotMatch(message, /gr33n-horse/);
    assert.doesNotMatch(await refusalOf(() => named(address)), /gr33n-horse/);
  });
});
