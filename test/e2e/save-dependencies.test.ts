import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type EmulatedRegistry } from '../azure/index.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { azureConnection, dockerConnection } from '../bench/connections.ts';
import { packed } from '../bench/odd-charts.ts';
import { loginServer, startPipelineOn, type Pipeline, type PipelineOptions } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';
import { realProgram } from '../real/index.ts';

const commonAt = (repository: string): string =>
  `dependencies:\n- {name: common, version: 1.x, repository: "${repository}"}\n`;

describe('HelmChartSave: dependencies', () => {
  let azure: Azure;
  let registry: EmulatedRegistry;
  let helm: string;
  const open: Pipeline[] = [];

  before(async () => {
    helm = await realProgram('helm-4.1');
    azure = await startAzure();
    registry = azure.registry(loginServer, {
      tokens: [{ username: 'puller', password: 'p:ss/w+rd=%41', scopeMap: { 'helm/*': ['pull'] } }],
    });
    await seed(registry);
  });
  after(() => azure.close());
  afterEach(async () => {
    for (const pipeline of open.splice(0)) await pipeline.close();
  });

  const seed = async (target: EmulatedRegistry): Promise<string> =>
    target.seedChart('helm', {
      name: 'common',
      version: '1.2.0',
      archive: Buffer.from(packed(helm, 'common', '1.2.0')),
    });

  /** A job whose sources hold the chart `app`. */
  async function jobWith(dependencies: string, options: PipelineOptions = {}): Promise<Pipeline> {
    const pipeline = await startPipelineOn(azure, registry, options);
    open.push(pipeline);
    writeFiles(path.join(pipeline.job.folders.sources, 'app'), {
      'Chart.yaml': chartYaml('app', '1.0.0', dependencies),
    });
    pipeline.commit('2026-03-01T12:00:00Z');
    return pipeline;
  }

  describe('in a private registry', () => {
    const dependencies = commonAt(`oci://${loginServer}/helm`);

    for (const kind of ['federated', 'secret'] as const) {
      it(`come through an Azure connection with a ${kind} identity, and no secret stays behind`, async () => {
        const roles = [{ role: 'AcrPull', scope: loginServer }];
        const identity =
          kind === 'secret' ? azure.identities.add({ kind, roles }) : azure.identities.add({ kind, roles });
        const connection = { ...azureConnection(identity), name: 'contoso-pull' };
        const pipeline = await jobWith(dependencies, { connections: [connection] });

        const step = await save(pipeline, { azureSubscription: 'contoso-pull' });

        await assertHolds(step, 'app/charts/common/Chart.yaml');
        await assertNoSecretAnywhere(pipeline, step);
      });
    }

    for (const version of ['helm-3.17', 'helm-4.1', 'helm-4.2'] as const) {
      it(`come through a Docker connection with ${version}`, async () => {
        const connection = dockerConnection(loginServer, 'puller', 'p:ss/w+rd=%41');
        const pipeline = await jobWith(dependencies, { helm: version, connections: [connection] });

        const step = await save(pipeline, { containerRegistry: 'contoso-docker' });

        await assertHolds(step, 'app/charts/common/Chart.yaml');
        await assertNoSecretAnywhere(pipeline, step);
      });
    }

    it('do not come without a connection, which is told in helm’s own words', async () => {
      const pipeline = await jobWith(dependencies);

      const step = await save(pipeline);

      assert.match(
        refusalOf(step),
        /^helm dependency failed with exit code 1: .*(401|unauthorized|basic credential)/is,
      );
      assert.doesNotMatch(step.log.join('\n'), /node:internal|at async/);
      assert.equal(existsSync(path.join(pipeline.job.folders.sources, 'app/Chart.lock')), false);
    });

    it('do not come through an identity without a role, which says what it lacks', async () => {
      const stranger = { ...azureConnection(azure.identities.add({ kind: 'secret', roles: [] })), name: 'stranger' };
      const pipeline = await jobWith(dependencies, { connections: [stranger] });

      const step = await save(pipeline, { azureSubscription: 'stranger' });

      assert.match(refusalOf(step), /contoso\.azurecr\.io.*(AcrPull|role)/s);
    });

    it('come through the agent’s proxy, whose password helm gets without a trace', async () => {
      const proxyCredentials = { username: 'agent', password: 'p@ss of the proxy/1' };
      const guarded = await startAzure({ proxyCredentials });
      const guardedRegistry = guarded.registry(loginServer);
      await seed(guardedRegistry);
      const pipeline = await startPipelineOn(guarded, guardedRegistry, {
        job: {
          proxy: { url: guarded.proxyUrl, ...proxyCredentials },
          caFile: guarded.caFile,
          environment: { HTTPS_PROXY: '', HTTP_PROXY: '', NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' },
        },
      });
      try {
        writeFiles(path.join(pipeline.job.folders.sources, 'app'), {
          'Chart.yaml': chartYaml('app', '1.0.0', dependencies),
        });

        const step = await save(pipeline, { azureSubscription: 'contoso-azure' });

        await assertHolds(step, 'app/charts/common/Chart.yaml');
        await pipeline.job.finish();
        assert.deepEqual(
          pipeline.job.secretLeaks(step).filter(({ place }) => place === 'log'),
          [],
        );
        assert.deepEqual(pipeline.job.secretsOnCommandLines(step), []);
        assert.deepEqual(await pipeline.job.secretsOnDisk(), []);
      } finally {
        await pipeline.close();
        await guarded.close();
      }
    });

    it('cannot come through two connections at once', async () => {
      const connections = [dockerConnection(loginServer, 'puller', 'p:ss/w+rd=%41')];
      const pipeline = await jobWith(dependencies, { connections });

      const step = await save(pipeline, { azureSubscription: 'contoso-azure', containerRegistry: 'contoso-docker' });

      assert.match(refusalOf(step), /Give exactly one of the inputs azureSubscription .* both are set/);
    });
  });

  it('in two Azure registries come through one connection', async () => {
    const fabrikam = azure.registry('fabrikam.azurecr.io');
    await fabrikam.seedChart('charts', {
      name: 'other',
      version: '2.0.0',
      archive: Buffer.from(packed(helm, 'other', '2.0.0')),
    });
    const roles = [loginServer, 'fabrikam.azurecr.io'].map((scope) => ({ role: 'AcrPull', scope }));
    const connection = { ...azureConnection(azure.identities.add({ kind: 'secret', roles })), name: 'both' };
    const other = '- {name: other, version: 2.0.0, repository: "oci://fabrikam.azurecr.io/charts"}\n';
    const pipeline = await jobWith(commonAt(`oci://${loginServer}/helm`) + other, { connections: [connection] });

    const step = await save(pipeline, { azureSubscription: 'both' });

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    await assertHolds(step, 'app/charts/other/Chart.yaml');
  });

  it('in another registry than the connection’s come by the login that helm has, beside those by the connection', async () => {
    const elsewhere = azure.registry('northwind.azurecr.io', {
      tokens: [{ username: 'guest', password: 'guest-password', scopeMap: { '*': ['pull'] } }],
    });
    await elsewhere.seedChart('charts', {
      name: 'other',
      version: '2.0.0',
      archive: Buffer.from(packed(helm, 'other', '2.0.0')),
    });
    const connection = dockerConnection(loginServer, 'puller', 'p:ss/w+rd=%41');
    const other = '- {name: other, version: 2.0.0, repository: "oci://northwind.azurecr.io/charts"}\n';
    const pipeline = await jobWith(commonAt(`oci://${loginServer}/helm`) + other, { connections: [connection] });
    const login = 'printf guest-password | helm registry login northwind.azurecr.io --username guest --password-stdin';
    assert.equal((await pipeline.job.runScript({ script: login })).result, 'Succeeded');

    const step = await save(pipeline, { containerRegistry: 'contoso-docker' });

    await assertHolds(step, 'app/charts/other/Chart.yaml');
    await assertHolds(step, 'app/charts/common/Chart.yaml');
  });

  describe('in an https repository', () => {
    it('come although nobody added the repository', async () => {
      azure.chartRepository('charts.contoso.example', [
        { name: 'common', version: '1.2.0', archive: Buffer.from(packed(helm, 'common', '1.2.0')) },
      ]);
      const pipeline = await jobWith(commonAt('https://charts.contoso.example'));

      await assertHolds(await save(pipeline), 'app/charts/common/Chart.yaml');
    });

    it('come with the password of a repository that was added before', async () => {
      const archive = Buffer.from(packed(helm, 'common', '1.2.0'));
      azure.chartRepository('guarded.contoso.example', [{ name: 'common', version: '1.2.0', archive }], 'read-me');
      const other = Buffer.from(packed(helm, 'other', '1.0.0'));
      azure.chartRepository('open.contoso.example', [{ name: 'other', version: '1.0.0', archive: other }]);
      const pipeline = await jobWith(
        `${commonAt('https://guarded.contoso.example/')}- {name: other, version: 1.0.0, repository: "@known"}\n`,
      );
      const script = `helm repo add --username reader --password read-me mine https://guarded.contoso.example
        helm repo add known https://open.contoso.example`;
      assert.equal((await pipeline.job.runScript({ script })).result, 'Succeeded');

      const step = await save(pipeline);

      await assertHolds(step, 'app/charts/common/Chart.yaml');
      const { home } = pipeline.job.folders;
      const kept = await readFile(path.join(home, '.config/helm/repositories.yaml'), 'utf8');
      assert.doesNotMatch(kept, /dependency-1/);
    });

    it('do not come from a host that does not answer, which is told', async () => {
      const pipeline = await jobWith(commonAt('https://nobody.contoso.example'));

      const step = await save(pipeline);

      assert.match(
        refusalOf(step),
        /^helm could not read the chart repository https:\/\/nobody\.contoso\.example: .*\.$/,
      );
    });
  });

  describe('in a folder', () => {
    it('may lie beside the chart', async () => {
      const pipeline = await jobWith(commonAt('file://../libraries/common'));
      const { sources } = pipeline.job.folders;
      writeFiles(path.join(sources, 'libraries/common'), { 'Chart.yaml': chartYaml('common', '1.2.0') });

      await assertHolds(await save(pipeline), 'app/charts/common/Chart.yaml');
    });

    it('may not lie outside the sources', async () => {
      const pipeline = await jobWith(commonAt('file://../../outside'));
      const outside = path.resolve(pipeline.job.folders.sources, '../outside');
      writeFiles(outside, { 'Chart.yaml': chartYaml('common', '1.2.0'), 'values.yaml': 'key: of-the-agent\n' });

      const step = await save(pipeline);

      await rm(outside, { recursive: true });
      assert.match(
        refusalOf(step),
        /^The chart depends on file:\/\/\.\.\/\.\.\/outside, which lies outside the sources/,
      );
    });

    it('may not hold links that lead out of the sources', async () => {
      const pipeline = await jobWith(commonAt('file://../common'));
      writeFiles(path.join(pipeline.job.folders.sources, 'common'), {
        'Chart.yaml': chartYaml('common', '1.2.0'),
        'files/passwd': { link: '/etc/passwd' },
      });

      const step = await save(pipeline);

      assert.match(
        refusalOf(step),
        /^The chart has a link, files\/passwd, that leads to \/etc\/passwd, outside the sources/,
      );
    });
  });

  it('that do not fit Chart.lock are refused, with what to do', async () => {
    const pipeline = await jobWith(commonAt('file://../common'));
    writeFiles(pipeline.job.folders.sources, {
      'common/Chart.yaml': chartYaml('common', '1.2.0'),
      'app/Chart.lock': 'dependencies: []\ndigest: sha256:00\ngenerated: "2026-01-01T00:00:00Z"\n',
    });

    const step = await save(pipeline);

    assert.match(refusalOf(step), /Chart\.lock.* is out of sync.*update the dependencies/);
    assert.ok(existsSync(path.join(pipeline.job.folders.sources, 'app/Chart.lock')));
  });
});

function save(pipeline: Pipeline, inputs: Record<string, string> = {}): Promise<StepResult> {
  return pipeline.run('HelmChartSave', { inputs: { chartPath: 'app', ...inputs }, watchCommandLines: true });
}

async function assertHolds(step: StepResult, file: string): Promise<void> {
  assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  assert.deepEqual(step.violations, []);
  assert.ok((await entriesOf(step.outputs['chartPath'] ?? '')).has(file));
}

async function assertNoSecretAnywhere({ job }: Pipeline, step: StepResult): Promise<void> {
  await job.finish();
  assert.deepEqual(job.secretLeaks(step), []);
  assert.deepEqual(job.secretsOnCommandLines(step), []);
  assert.deepEqual(await job.secretsOnDisk(), []);
}
