import assert from 'node:assert/strict';
import path from 'node:path';
import { startAzure } from '../azure/index.ts';
import { AppJobs, assertHolds, commonAt, puller, saveApp } from '../bench/app-jobs.ts';
import { azureConnection, dockerConnection } from '../bench/connections.ts';
import { loginServer, startPipelineOn } from '../bench/pipeline.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

describe('HelmChartSave: dependencies', () => {
  const apps = new AppJobs();

  it('in two Azure registries come through one connection', async () => {
    const fabrikam = apps.azure.registry('fabrikam.azurecr.io');
    await apps.seed(fabrikam, 'charts', 'other', '2.0.0');
    const roles = [loginServer, 'fabrikam.azurecr.io'].map((scope) => ({ role: 'AcrPull', scope }));
    const connection = { ...azureConnection(apps.azure.identities.add({ kind: 'secret', roles })), name: 'both' };
    const other = '- {name: other, version: 2.0.0, repository: "oci://fabrikam.azurecr.io/charts"}\n';
    const pipeline = await apps.jobWith(commonAt(`oci://${loginServer}/helm`) + other, { connections: [connection] });

    const step = await saveApp(pipeline, {
      azureSubscription: 'both',
      dependencyRegistries: `oci://${loginServer}/helm/\nfabrikam.azurecr.io\nnorthwind.azurecr.io`,
    });

    await assertHolds(step, 'app/charts/common/Chart.yaml');
    await assertHolds(step, 'app/charts/other/Chart.yaml');
  });

  it('in another registry than the connection’s come by the login that helm has, beside those by the connection', async () => {
    const elsewhere = apps.azure.registry('northwind.azurecr.io', {
      tokens: [{ username: 'guest', password: 'guest-password', scopeMap: { '*': ['pull'] } }],
    });
    await apps.seed(elsewhere, 'charts', 'other', '2.0.0');
    const connection = dockerConnection(loginServer, puller.username, puller.password);
    const other = '- {name: other, version: 2.0.0, repository: "oci://northwind.azurecr.io/charts"}\n';
    const pipeline = await apps.jobWith(commonAt(`oci://${loginServer}/helm`) + other, { connections: [connection] });
    const login = 'printf guest-password | helm registry login northwind.azurecr.io --username guest --password-stdin';
    assert.equal((await pipeline.job.runScript({ script: login })).result, 'Succeeded');

    const step = await saveApp(pipeline, { containerRegistry: 'contoso-docker' });

    await assertHolds(step, 'app/charts/other/Chart.yaml');
    await assertHolds(step, 'app/charts/common/Chart.yaml');
  });

  const dependencies = commonAt(`oci://${loginServer}/helm`);

  it('come through the agent’s proxy, whose password helm gets without a trace', async () => {
    const proxyCredentials = { username: 'agent', password: 'p@ss of the proxy/1' };
    const guarded = await startAzure({ proxyCredentials });
    const guardedRegistry = guarded.registry(loginServer);
    await apps.seed(guardedRegistry, 'helm', 'common', '1.2.0');
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

      const step = await saveApp(pipeline, { azureSubscription: 'contoso-azure', dependencyRegistries: loginServer });

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
});
