import assert from 'node:assert/strict';
import type { JobOptions, StepResult } from '../agent/index.ts';
import { appChart, seedApp } from '../bench/app-chart.ts';
import { chartArchive, stage } from '../bench/chart-steps.ts';
import { dockerConnection } from '../bench/connections.ts';
import { download, sampleHandoff } from '../bench/deployment.ts';
import { sha256 } from '../bench/helm-client.ts';
import { loginServer } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { assertGood, sharedRelease, warningsOf, type StartReleases } from '../bench/release-cases.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

const puller = { username: 'puller', password: 'the-password-of-the-puller' };
const openServer = 'open.azurecr.io';
const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n';
const oci = `oci://${loginServer}/helm/app`;

/** Declares from where charts come to be deployed. */
export function chartsOfDeploy(start: StartReleases): void {
  let digest = '';
  const docker = dockerConnection(loginServer, puller.username, puller.password);
  const job: JobOptions = { serviceConnections: [docker] };
  const pipeline = sharedRelease(start, { job }, async (started) => {
    const { registry, azure } = started;
    registry.settings.tokens = [{ ...puller, scopeMap: { 'helm/*': ['pull'] } }];
    await seedApp(started, '1.0.0');
    digest = await registry.seedChart('helm', { name: 'app', version: '1.0.0', archive: appChart('1.0.0') });
    const common = { name: 'common', version: '1.2.0', archive: chartArchive('common', '1.2.0') };
    await registry.seedChart('helm', common);
    azure.chartRepository('charts.contoso.com', [
      common,
      { name: 'app', version: '1.0.0', archive: appChart('1.0.0') },
    ]);
    const open = azure.registry(openServer, { anonymousPull: true });
    await open.seedChart('helm', { name: 'app', version: '1.0.0', archive: appChart('1.0.0') });
    assertGood(await started.fetch({ namespace: 'shop' }));
  });

  const deploy = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline().deploy({ releaseName: '', ...inputs });
  /** Without a connection: the cluster is that of an earlier AksCredentials. */
  const unsigned = { azureSubscription: '', resourceGroup: '', cluster: '' };

  it('a registry, by version, by digest, and by both', async () => {
    for (const chart of [`${oci}:1.0.0`, `${oci}@${digest}`, `${oci}:1.0.0@${digest}`]) {
      const { outputs } = assertGood(await deploy({ chart, chartVersion: '1.0.0' }));
      assert.equal(outputs['chartDigest'], digest, chart);
    }
    assert.match(refusalOf(await deploy({ chart: `${oci}:1.0.0`, chartVersion: '1.0.1' })), /1\.0\.1/);
    const other = `sha256:${'0'.repeat(64)}`;
    assert.match(refusalOf(await deploy({ chart: `${oci}:1.0.0@${other}` })), /sha256:0{64}/);
    assert.match(refusalOf(await deploy({ chart: `${oci}:9.9.9` })), /9\.9\.9/);
  });

  it('an archive, which has a digest of its own', async () => {
    const archive = appChart('1.0.0');
    const chart = stage(pipeline(), 'app-1.0.0.tgz', archive);
    const { outputs } = assertGood(await deploy({ chart, chartVersion: '1.0.0', releaseName: 'archived' }));
    assert.equal(outputs['chartDigest'], sha256(archive));
  });

  it('a folder with dependencies, in a registry and in a chart repository', async () => {
    const { job: running, administrator } = pipeline();
    for (const repository of [`oci://${loginServer}/helm`, 'https://charts.contoso.com']) {
      const name = repository.startsWith('oci') ? 'from-registry' : 'from-repository';
      const dependency = `dependencies:\n- {name: common, version: 1.x, repository: "${repository}"}\n`;
      writeFiles(`${running.folders.sources}/charts/${name}`, {
        'Chart.yaml': chartYaml(name, '0.1.0', dependency),
        'templates/map.yaml': map,
      });
      const inputs = { chart: `charts/${name}`, registryConnection: 'contoso-azure', registry: loginServer };
      const step = await deploy(inputs);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.match(warningsOf(step), /has dependencies but no Chart\.lock/);
      assert.match(step.outputs['chartDigest'] ?? '', /^sha256:/);
      assert.ok(await administrator.find(`/api/v1/namespaces/shop/configmaps/${name}`));
    }
  });

  it('a chart repository, by name and exact version', async () => {
    const inputs = { chart: 'app', chartRepository: 'https://charts.contoso.com', releaseName: 'named' };
    assertGood(await deploy({ ...inputs, chartVersion: '1.0.0' }));
    assert.match(refusalOf(await deploy(inputs)), /chartVersion/);
    assert.match(refusalOf(await deploy({ ...inputs, chartVersion: '2.0.0' })), /2\.0\.0/);
  });

  it('the handoff, where no chart is named', async () => {
    const { job: running, azure } = pipeline();
    const ci = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703 });
    const handoff = sampleHandoff(ci, digest, `sha256:${'a'.repeat(64)}`);
    download(running, 'build-artifact', { 'variables.json': JSON.stringify(handoff) });
    const handoffFile = '$(Pipeline.Workspace)/ci/build-artifact/variables.json';
    const step = assertGood(
      await deploy({ chart: '', handoffFile, releaseName: 'handed', images: 'web=image.repository,image.tag' }),
    );
    assert.equal(step.outputs['chartDigest'], digest);
    const [record] = await pipeline().history('handed');
    assert.equal(record?.labels['helm-delivery/ci-run'], '703');
    assert.match(refusalOf(await deploy({ chart: '', handoffFile, images: 'api=image.repository,image.tag' })), /api/);
    assert.match(refusalOf(await deploy({ chart: '' })), /^Give the input chart, or the input handoffFile/);
  });

  it('a public registry, without any sign-in', async () => {
    const chart = `oci://${openServer}/helm/app:1.0.0`;
    assertGood(await deploy({ ...unsigned, chart, releaseName: 'open' }));
  });

  it('a registry with user and password of a Docker connection', async () => {
    const chart = `${oci}:1.0.0`;
    assertGood(await deploy({ ...unsigned, chart, containerRegistry: 'contoso-docker', releaseName: 'docker' }));
    assertGood(await deploy({ chart, containerRegistry: 'contoso-docker', releaseName: 'docker' }));
    assert.match(refusalOf(await deploy({ ...unsigned, chart, releaseName: 'docker' })), /azurecr\.io/);
  });

  it('nothing of another form', async () => {
    const wrong: Record<string, RegExp> = {
      app: /^Input chart is "app", and no file or folder is there .* begins with oci:/,
      'oci://contoso.azurecr.io/helm/app': /version|digest/,
      'https://charts.contoso.com/app-1.0.0.tgz':
        /A chart of a chart repository is given by its name, .*chartRepository/,
      'nowhere/app': /nowhere\/app/,
      'oci://contoso.azurecr.io/helm/app:latest': /latest/,
    };
    for (const [chart, reason] of Object.entries(wrong)) assert.match(refusalOf(await deploy({ chart })), reason);
    const elsewhere = refusalOf(await deploy({ chart: 'oci://registry.evil.example/helm/app:1.0.0' }));
    assert.match(elsewhere, /registry\.evil\.example/);
    // It is asked as nobody.
    const asked = pipeline().azure.requests.filter(({ host }) => host === 'registry.evil.example');
    assert.ok(asked.every(({ headers }) => headers['authorization'] === undefined));
  });
}
