import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { EmulatedRegistry } from '../../azure/index.ts';
import { chartArchive } from '../../bench/chart-steps.ts';
import { azureConnection, dockerConnection } from '../../bench/connections.ts';
import { DeployBench } from './deploy-bench.ts';
import { refusalOf } from './refusal.ts';

const loginServer = 'contoso.azurecr.io';
const reference = `oci://${loginServer}/helm/app:1.2.3`;
const archive = chartArchive('app', '1.2.3', 'appVersion: "7"\n');
const token = { username: 'puller', password: 'p:ss/w+rd=%41' };

describe('A chart to deploy out of a registry', () => {
  const bench = new DeployBench();
  let registry: EmulatedRegistry;
  let digest = '';

  before(async () => {
    const tokens = [{ ...token, scopeMap: { 'helm/*': ['pull' as const] } }];
    registry = bench.azure.registry(loginServer, { tokens });
    digest = await registry.seedChart('helm', { name: 'app', version: '1.2.3', archive });
    const roles = [{ role: 'AcrPull', scope: loginServer }];
    const puller = bench.azure.identities.add({ kind: 'secret', cloud: 'AzureCloud', roles });
    const stranger = bench.azure.identities.add({ kind: 'secret', cloud: 'AzureCloud' });
    bench.connections.set('puller', azureConnection(puller));
    bench.connections.set('stranger', azureConnection(stranger));
    bench.connections.set('docker', dockerConnection(loginServer, token.username, token.password));
  });
  afterEach(() => {
    registry.settings.anonymousPull = false;
  });

  /** Whether no request since then proved who we are: a token for nobody is had by GET. */
  const provedNothing = (from: number): boolean =>
    bench.azure.requests.slice(from).every(({ method, host }) => method !== 'POST' && !host.startsWith('login.'));

  for (const [what, chart, version] of [
    ['version', () => reference, undefined],
    ['digest', () => `oci://${loginServer}/helm/app@${digest}`, undefined],
    ['version and digest', () => `${reference}@${digest}`, undefined],
    ['a version in an input of its own', () => `oci://${loginServer}/helm/app`, '1.2.3'],
  ] as const) {
    it(`is had by ${what}, with the connection of the cluster and nothing else`, async () => {
      const got = await bench.get({
        chart: chart(),
        azureSubscription: 'puller',
        ...(version !== undefined && { chartVersion: version }),
      });
      const { archive: file, privateFolder, ...facts } = got;
      assert.deepEqual(facts, {
        name: 'app',
        version: '1.2.3',
        appVersion: '7',
        digest,
        from: 'registry',
        reference: what === 'digest' ? `oci://${loginServer}/helm/app@${digest}` : `${reference}@${digest}`,
      });
      assert.ok(file.startsWith(privateFolder + path.sep) && file.endsWith('app-1.2.3.tgz'));
      assert.equal(statSync(path.dirname(path.dirname(file))).mode & 0o077, 0);
      assert.deepEqual(readFileSync(file), archive);
      assert.deepEqual(bench.commands, [], 'helm has no part in it');
    });
  }

  for (const [what, inputs] of [
    ['a connection of its own', { azureSubscription: 'stranger', registryConnection: 'puller' }],
    ['a Docker registry connection', { azureSubscription: 'stranger', containerRegistry: 'docker' }],
    ['a Docker registry connection in the place of the other', { registryConnection: 'docker' }],
    ['the registry named', { azureSubscription: 'puller', registry: loginServer }],
  ] as const) {
    it(`is had with ${what}`, async () => {
      assert.equal((await bench.get({ chart: reference, ...inputs })).digest, digest);
    });
  }

  it('is had without any connection where the registry gives it to everybody', async () => {
    registry.settings.anonymousPull = true;
    const from = bench.azure.requests.length;
    assert.equal((await bench.get({ chart: reference })).digest, digest);
    assert.ok(bench.azure.requests.length > from && provedNothing(from));
  });

  it('shows no credential of the cluster to a registry of another cloud, and asks it as nobody', async () => {
    const abroad = bench.azure.registry('contoso.azurecr.cn', { anonymousPull: true });
    const digestThere = await abroad.seedChart('helm', { name: 'app', version: '1.2.3', archive });
    const from = bench.azure.requests.length;
    const chart = 'oci://contoso.azurecr.cn/helm/app:1.2.3';
    assert.equal((await bench.get({ chart, azureSubscription: 'puller' })).digest, digestThere);
    assert.match(
      bench.told.join('\n'),
      /contoso\.azurecr\.cn is no registry of the connection's cloud, so it is asked without/,
    );
    assert.match(
      await refusalOf(() => bench.get({ chart, registryConnection: 'puller' })),
      /is none of the service connection's cloud \(AzureCloud\)/,
    );
    assert.ok(provedNothing(from));
  });

  it('shows no credential to a registry of somebody else', async () => {
    const from = bench.azure.requests.length;
    const chart = 'oci://registry.fabrikam.example/helm/app:1.2.3';
    await assert.rejects(bench.get({ chart, azureSubscription: 'puller' }), /registry\.fabrikam\.example/);
    assert.ok(bench.azure.requests.length > from && provedNothing(from));
    const message = await refusalOf(() => bench.get({ chart, registryConnection: 'puller' }));
    assert.match(
      message,
      /^The registry is "registry\.fabrikam\.example", which is no host of Azure Container Registry/,
    );
  });

  for (const [what, inputs, reason] of [
    [
      'for another registry than the one named',
      { azureSubscription: 'puller', registry: 'fabrikam.azurecr.io' },
      /chart names/,
    ],
    [
      'with two connections',
      { registryConnection: 'puller', containerRegistry: 'docker' },
      /^Give at most one of the inp/,
    ],
    ['for an identity without a role', { azureSubscription: 'stranger' }, /AcrPull/],
    [
      'by a version that is not there',
      { chart: reference.replace('1.2.3', '9.9.9') },
      /:9\.9\.9 does not exist: check/,
    ],
    [
      'by another digest than the version has',
      { chart: `${reference}@sha256:${'0'.repeat(64)}` },
      /points to sha256:.*, not to sha256:0+ as asked/,
    ],
  ] as const) {
    it(`is refused ${what}`, async () => {
      const connection = 'registryConnection' in inputs ? {} : { azureSubscription: 'puller' };
      assert.match(await refusalOf(() => bench.get({ chart: reference, ...connection, ...inputs })), reason);
    });
  }

  it('is refused when its schema makes helm ask a host, unless that may be', async () => {
    const schema = { name: 'app/values.schema.json', body: '{"$ref": "https://x.fabrikam.example/values.json"}' };
    await registry.seedChart('helm', {
      name: 'app',
      version: '2.0.0',
      archive: chartArchive('app', '2.0.0', '', schema),
    });
    const inputs = { chart: reference.replace('1.2.3', '2.0.0'), azureSubscription: 'puller' };
    assert.match(
      await refusalOf(() => bench.get(inputs)),
      /app-2\.0\.0\.tgz: app\/values\.schema\.json refers to "https:.*, or set input allowSchemaReferences to true/,
    );
    assert.equal((await bench.get({ ...inputs, allowSchemaReferences: true })).version, '2.0.0');
  });

  it('is refused when it is another chart than its repository says', async () => {
    await registry.seedChart('helm', { name: 'web', version: '1.0.0', archive: chartArchive('other', '1.0.0') });
    const chart = `oci://${loginServer}/helm/web:1.0.0`;
    assert.match(
      await refusalOf(() => bench.get({ chart, azureSubscription: 'puller' })),
      /holds the chart 'other', not/,
    );
  });
});
