import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  chartReference,
  checkDigest,
  checkRepository,
  digestReference,
  isAzureLoginServer,
  loginServerOf,
  parseChartReference,
  tagOfVersion,
  versionOfTag,
} from '../../../tasks/common/registry/reference.ts';
import { refusalOf } from '../chart/refusal.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('a login server', () => {
  for (const server of [
    'contoso.azurecr.io',
    'contoso.azurecr.us',
    'contoso.azurecr.cn',
    'contoso-h6fxbwbzd3ghcvas.azurecr.io',
    'contoso.eastus.geo.azurecr.io',
    'contoso-h6fxbwbzd3ghcvas.eastus2.geo.azurecr.io',
  ]) {
    it(`of an Azure connection may be ${server}`, () => {
      assert.equal(loginServerOf(server, 'azure'), server);
      assert.ok(isAzureLoginServer(server));
    });
  }

  for (const [value, reason] of [
    ['', /which is empty/],
    ['contoso', /which is a name without its suffix/],
    ['https://contoso.azurecr.io', /which is a URL/],
    ['oci://contoso.azurecr.io', /which is a URL/],
    ['contoso.azurecr.io/helm', /has a path/],
    ['contoso.azurecr.io/', /has a path/],
    ['contoso.azurecr.io:443', /no host of Azure/],
    ['contoso.azurecr.io.fabrikam.example', /no host of Azure/],
    ['fabrikam.example', /no host of Azure/],
    ['azurecr.io', /no host of Azure/],
    ['user@contoso.azurecr.io', /no host of Azure/],
    ['contoso.azurecr.io\n', /no host of Azure/],
  ] as const) {
    it(`of an Azure connection cannot be ${JSON.stringify(value)}`, async () => {
      const message = await refusalOf(() => loginServerOf(value, 'azure'));
      assert.match(message, reason);
      assert.match(message, /properties\.loginServer/);
      assert.ok(message.includes(value.trim()), message);
    });
  }

  for (const host of ['registry.fabrikam.example', 'localhost:5000', '127.0.0.1:5000', 'contoso.azurecr.io', 'a.b:1']) {
    it(`of a Docker registry connection may be ${host}`, () => assert.equal(loginServerOf(host, 'docker'), host));
  }

  for (const host of [
    'localhost',
    'https://fabrikam.example',
    'fabrikam.example/v1',
    'a..b',
    '-a.b',
    'a.b:',
    'a.b:x',
    'a b.c',
  ]) {
    it(`of a Docker registry connection cannot be ${host}`, async () => {
      assert.ok((await refusalOf(() => loginServerOf(host, 'docker'))).includes(`"${host}"`));
    });
  }

  it('is turned to lower case', () => {
    assert.equal(loginServerOf('Contoso.AzureCR.io', 'azure'), 'contoso.azurecr.io');
    assert.equal(loginServerOf('Registry.Fabrikam.example', 'docker'), 'registry.fabrikam.example');
  });
});

describe('a chart reference', () => {
  const app = { registry: 'contoso.azurecr.io', repository: 'helm/app' };

  for (const [text, parts] of [
    ['oci://contoso.azurecr.io/helm/app', app],
    ['contoso.azurecr.io/helm/app', app],
    ['oci://contoso.azurecr.io/helm/app:1.2.3', { ...app, tag: '1.2.3' }],
    ['oci://contoso.azurecr.io/helm/app:1.2.3+b.7', { ...app, tag: '1.2.3_b.7' }],
    ['oci://contoso.azurecr.io/helm/app:1.2.3_b.7', { ...app, tag: '1.2.3_b.7' }],
    [`oci://contoso.azurecr.io/helm/app@${digest}`, { ...app, digest }],
    [`oci://contoso.azurecr.io/helm/app:1.2.3@${digest}`, { ...app, tag: '1.2.3', digest }],
    ['oci://Contoso.azurecr.io/app', { registry: 'contoso.azurecr.io', repository: 'app' }],
    ['localhost:5000/app:1.0.0', { registry: 'localhost:5000', repository: 'app', tag: '1.0.0' }],
  ] as const) {
    it(`is understood: ${text}`, () => assert.deepEqual(parseChartReference(text), parts));
  }

  for (const [text, reason] of [
    ['', /"" is not a chart reference/],
    ['app', /"app" is not a chart reference/],
    ['helm/app:1.2.3', /"helm".*without its suffix/],
    ['https://contoso.azurecr.io/helm/app', /is not a chart reference/],
    ['oci://https://contoso.azurecr.io/helm/app', /is not a chart reference/],
    ['oci://contoso.azurecr.io/', /is not a chart reference/],
    ['oci://contoso.azurecr.io/Helm/app', /"Helm\/app" is not allowed/],
    ['oci://contoso.azurecr.io/helm//app', /"helm\/\/app" is not allowed/],
    ['oci://contoso.azurecr.io/../app', /"\.\.\/app" is not allowed/],
    ['oci://contoso.azurecr.io/helm/app:', /version "" cannot be a tag/],
    ['oci://contoso.azurecr.io/helm/app:a:b', /is not a chart reference/],
    ['oci://contoso.azurecr.io/helm/app:1.2.3 ', /"1\.2\.3 " cannot be a tag/],
    ['oci://contoso.azurecr.io/helm/app@', /digest is ""/],
    ['oci://contoso.azurecr.io/helm/app@sha256:12', /digest is "sha256:12"/],
    [`oci://contoso.azurecr.io/helm/app@${digest}@${digest}`, /digest is "sha256:/],
    ['oci://contoso.azurecr.io/helm/app?x=1', /"helm\/app\?x=1" is not allowed/],
  ] as const) {
    it(`is refused: ${JSON.stringify(text)}`, async () => {
      assert.match(await refusalOf(() => parseChartReference(text)), reason);
    });
  }

  it('is built by version and by digest', () => {
    const { registry, repository } = app;
    assert.equal(chartReference(registry, repository, '1.2.3+b.7'), 'oci://contoso.azurecr.io/helm/app:1.2.3_b.7');
    assert.equal(digestReference(registry, repository, digest), `oci://contoso.azurecr.io/helm/app@${digest}`);
  });

  it('is understood as it was built', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
    const version = fc.stringMatching(
      /^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?:-[a-z0-9.-]{1,8})?(?:\+[a-zA-Z0-9.-]{1,8})?$/,
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), version, (parts, wanted) => {
        const repository = parts.join('/');
        const { tag = '', ...rest } = parseChartReference(chartReference(app.registry, repository, wanted));
        assert.deepEqual(rest, { registry: app.registry, repository });
        assert.equal(versionOfTag(tag), wanted);
      }),
    );
  });
});

describe('the parts of a chart reference', () => {
  it('have a tag for every version that fits', async () => {
    assert.equal(tagOfVersion('1.2.3'), '1.2.3');
    assert.equal(tagOfVersion('1.2.3-rc.1+b.7'), '1.2.3-rc.1_b.7');
    assert.equal(tagOfVersion(`1.0.0-${'a'.repeat(122)}`).length, 128);
    for (const version of ['', '.1', '-1', '1.2.3 ', '1/2', `1.0.0-${'a'.repeat(123)}`]) {
      assert.match(await refusalOf(() => tagOfVersion(version)), /cannot be a tag/);
    }
  });

  it('have repositories that registries allow', async () => {
    for (const path of ['app', 'helm/app', 'a/b/c/d', 'a.b_c__d-e---f', '0']) assert.equal(checkRepository(path), path);
    for (const path of [
      '',
      '/app',
      'app/',
      'a//b',
      'App',
      'a b',
      'a___b',
      'a..b',
      '.a',
      'a-',
      'a/..',
      'é',
      'a:b',
      'a@b',
    ]) {
      assert.match(await refusalOf(() => checkRepository(path)), /is not allowed/);
    }
    assert.match(await refusalOf(() => checkRepository('a'.repeat(256))), /more than 255 characters/);
  });

  it('have digests of 64 lower-case digits', async () => {
    assert.equal(checkDigest(digest), digest);
    for (const text of [
      '',
      digest.slice(7),
      digest.slice(0, -1),
      `${digest}0`,
      digest.toUpperCase(),
      `sha512:${'0'.repeat(128)}`,
      ` ${digest}`,
    ]) {
      assert.match(await refusalOf(() => checkDigest(text)), /sha256: and 64 hexadecimal digits/);
    }
  });
});
