import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppJobs, assertHolds, assertNoSecretAnywhere, commonAt, puller, saveApp } from '../bench/app-jobs.ts';
import { azureConnection, dockerConnection } from '../bench/connections.ts';
import { helms, obtainHelms } from '../bench/helms.ts';
import { loginServer } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

describe('HelmChartSave: dependencies in a private registry', () => {
  obtainHelms();
  const apps = new AppJobs();

  const dependencies = commonAt(`oci://${loginServer}/helm`);

  for (const kind of ['federated', 'secret'] as const) {
    it(`come through an Azure connection with a ${kind} identity, and no secret stays behind`, async () => {
      const roles = [{ role: 'AcrPull', scope: loginServer }];
      const identity =
        kind === 'secret' ? apps.azure.identities.add({ kind, roles }) : apps.azure.identities.add({ kind, roles });
      const connection = { ...azureConnection(identity), name: 'contoso-pull' };
      const pipeline = await apps.jobWith(dependencies, { connections: [connection] });

      const step = await saveApp(pipeline, { azureSubscription: 'contoso-pull', dependencyRegistries: loginServer });

      await assertHolds(step, 'app/charts/common/Chart.yaml');
      assert.match(step.issues[0]?.message ?? '', /no Chart\.lock: run 'helm dependency update' and commit it/);
      await assertNoSecretAnywhere(pipeline, step);
    });
  }

  for (const version of helms) {
    it(`come through a Docker connection with ${version}`, async () => {
      const connection = dockerConnection(loginServer, puller.username, puller.password);
      const pipeline = await apps.jobWith(dependencies, { helm: version, connections: [connection] });

      const step = await saveApp(pipeline, { containerRegistry: 'contoso-docker' });

      await assertHolds(step, 'app/charts/common/Chart.yaml');
      await assertNoSecretAnywhere(pipeline, step);
    });
  }

  it('do not come without a connection, which is told in helm’s own words', async () => {
    const pipeline = await apps.jobWith(dependencies);

    const step = await saveApp(pipeline);

    assert.match(refusalOf(step), /^helm dependency failed with exit code 1: .*(401|unauthorized|basic credential)/is);
    assert.doesNotMatch(step.log.join('\n'), /node:internal|at async/);
    assert.equal(existsSync(path.join(pipeline.job.folders.sources, 'app/Chart.lock')), false);
  });

  it('do not come through an identity without a role, which says what it lacks', async () => {
    const stranger = { ...azureConnection(apps.azure.identities.add({ kind: 'secret', roles: [] })), name: 'stranger' };
    const pipeline = await apps.jobWith(dependencies, { connections: [stranger] });

    const step = await saveApp(pipeline, { azureSubscription: 'stranger', dependencyRegistries: loginServer });

    assert.match(refusalOf(step), /contoso\.azurecr\.io.*(AcrPull|role)/s);
  });

  it('cannot come through two connections at once', async () => {
    const connections = [dockerConnection(loginServer, puller.username, puller.password)];
    const pipeline = await apps.jobWith(dependencies, { connections });

    const step = await saveApp(pipeline, { azureSubscription: 'contoso-azure', containerRegistry: 'contoso-docker' });

    assert.match(refusalOf(step), /Give exactly one of the inputs azureSubscription .* both are set/);
  });
});
