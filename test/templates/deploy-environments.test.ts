import assert from 'node:assert/strict';
import { stagesWith, stepOf, type Stage } from './delivery.ts';

const required = { projectName: 'orders', azureSubscription: 'contoso-azure', registry: 'contoso.azurecr.io' };
const place = { resourceGroup: 'contoso-qa', cluster: 'contoso-qa' };

function stages(parameters: object): Stage[] {
  return stagesWith('stages/deploy-environments.yml', { ...required, ...parameters });
}

/** The stage of one environment with these keys. */
function stage(keys: object, parameters: object = {}): Stage | undefined {
  return stages({ ...parameters, environments: [{ name: 'qa', ...place, ...keys }] })[0];
}

const inputs = (from: Stage | undefined, task: string): Readonly<Record<string, string>> =>
  stepOf(from, task)?.inputs ?? {};

const tasks = (from: Stage | undefined): string[] => from?.jobs[0]?.steps.map(({ task }) => task) ?? [];

describe('stages/deploy-environments.yml', () => {
  it('deploys to qa and to production when no environments are given', () => {
    const found = stages({ resourceGroup: 'contoso-apps', cluster: 'contoso-apps' }).map((one) => {
      const { namespace, set } = inputs(one, 'HelmReleaseDeploy@1');
      return [one.stage, one.jobs[0]?.environment, namespace, set, inputs(one, 'AksCredentials@1')['cluster']];
    });
    assert.deepEqual(found, [
      ['qa', 'qa-orders', 'orders-qa', 'replicaCount=1', 'contoso-apps'],
      ['production', 'prod-orders', 'orders-prod', 'replicaCount=2', 'contoso-apps'],
    ]);
  });

  it('makes of each environment a stage that locks itself, behind the one before', () => {
    const [qa, production] = stages({
      environments: [
        { name: 'qa', ...place },
        { name: 'pre-prod.eu 1', ...place },
      ],
    });
    assert.equal(qa?.lockBehavior, 'sequential');
    assert.deepEqual([qa.dependsOn, qa.condition], [undefined, undefined]);
    assert.deepEqual([production?.stage, production?.dependsOn], ['pre_prod_eu_1', undefined]);
    assert.equal(production?.jobs[0]?.environment, 'pre-prod.eu 1-orders');
    assert.equal(inputs(production, 'HelmReleaseDeploy@1')['namespace'], 'orders-pre-prod-eu-1');
  });

  it('takes from the handoff alone, with the cluster open for the hooks', () => {
    const found = stage({ preDeploy: [{ script: 'before' }], postDeploy: [{ script: 'after' }] });
    const download = '30f35852-3f7e-4c0c-9a88-e127b4f97211@1';
    assert.deepEqual(tasks(found), [
      download,
      download,
      'HandoffImport@1',
      'AksCredentials@1',
      'CmdLine@2',
      'HelmReleaseDeploy@1',
      'CmdLine@2',
    ]);
    assert.deepEqual(
      found?.jobs[0]?.steps.slice(0, 2).map((step) => step.inputs?.['alias']),
      ['none', 'ci'],
    );
    const { chart, handoffFile, images } = inputs(found, 'HelmReleaseDeploy@1');
    assert.equal(chart, '$(handoff.chartDigestRef)');
    assert.equal(handoffFile, '$(Pipeline.Workspace)/ci/build-artifact/variables.json');
    assert.equal(images, 'app=image.repository,image.tag');
  });

  it('opens the cluster with the connection of the environment, and the registry with the common one', () => {
    const found = stage({
      azureSubscription: 'contoso-qa',
      subscriptionId: 'b8a',
      serverFqdn: 'public',
      useClusterAdmin: true,
    });
    assert.deepEqual(inputs(found, 'AksCredentials@1'), {
      azureSubscription: 'contoso-qa',
      subscriptionId: 'b8a',
      resourceGroup: 'contoso-qa',
      cluster: 'contoso-qa',
      serverFqdn: 'public',
      useClusterAdmin: 'True',
      namespace: 'orders-qa',
    });
    for (const task of ['HandoffImport@1', 'HelmReleaseDeploy@1'])
      assert.equal(inputs(found, task)['azureSubscription'], 'contoso-azure', task);
    assert.equal(inputs(found, 'HelmReleaseDeploy@1')['cluster'], undefined);
  });

  it('gives the release what the environment says of it', () => {
    const keys = {
      namespace: 'shop',
      createNamespace: false,
      replicas: 3,
      images: 'web=web.image,web.tag',
      valueFiles: ['deploy/base.yaml', 'deploy/qa.yaml'],
      values: 'a: 1\n',
      setSecret: 'db.password=$(dbPassword)',
      runTests: true,
      requireApproval: true,
      timeout: '20m',
      ifOlder: 'refuse',
    };
    assert.deepEqual(inputs(stage(keys, { replicasPath: 'web.replicas', helmVersion: '4.x' }), 'HelmReleaseDeploy@1'), {
      namespace: 'shop',
      releaseName: 'orders',
      azureSubscription: 'contoso-azure',
      registry: 'contoso.azurecr.io',
      chart: '$(handoff.chartDigestRef)',
      handoffFile: '$(Pipeline.Workspace)/ci/build-artifact/variables.json',
      images: 'web=web.image,web.tag',
      valueFiles: '$(handoff.filesPath)/deploy/base.yaml\n$(handoff.filesPath)/deploy/qa.yaml',
      values: 'a: 1\n',
      set: 'web.replicas=3',
      setSecret: 'db.password=$(dbPassword)',
      createNamespace: 'False',
      timeout: '20m',
      runTests: 'True',
      ifOlder: 'refuse',
      requireApproval: 'true',
      helmVersion: '4.x',
    });
  });

  it('asks for the seal once it has a key', () => {
    assert.equal(inputs(stage({}), 'HandoffImport@1')['requireSeal'], 'False');
    const { sealKey, requireSeal } = inputs(stage({}, { sealKey: '$(handoffSealKey)' }), 'HandoffImport@1');
    assert.deepEqual([sealKey, requireSeal], ['$(handoffSealKey)', 'True']);
  });

  it('reads the handoff of the alias, from the branches that may be deployed', () => {
    const found = stage({}, { ciPipeline: 'orders', allowedBranches: ['refs/heads/main', 'refs/heads/release/*'] });
    const { pipeline, allowedBranches } = inputs(found, 'HandoffImport@1');
    assert.deepEqual([pipeline, allowedBranches], ['orders', 'refs/heads/main\nrefs/heads/release/*']);
    assert.equal(
      inputs(found, 'HelmReleaseDeploy@1')['handoffFile'],
      '$(Pipeline.Workspace)/orders/build-artifact/variables.json',
    );
  });

  it('deploys a chart of the sources without a handoff', () => {
    const found = stage({ valueFiles: ['deploy/qa.yaml'] }, { chart: 'charts/orders' });
    assert.equal(stepOf(found, 'HandoffImport@1'), undefined);
    assert.equal(inputs(found, '6d15af64-176c-496d-b583-fd2ae21d4df4@1')['repository'], 'self');
    const { chart, valueFiles, handoffFile, images, registry } = inputs(found, 'HelmReleaseDeploy@1');
    assert.deepEqual([chart, valueFiles], ['charts/orders', 'deploy/qa.yaml']);
    assert.deepEqual([handoffFile, images, registry], [undefined, undefined, undefined]);
  });

  it('joins the variable groups, and takes the pool of the environment before the common one', () => {
    const found = stage({ variableGroups: ['qa'], pool: 'qa-agents' }, { variableGroups: ['all'], pool: 'agents' });
    assert.deepEqual(found?.variables, [{ group: 'all' }, { group: 'qa' }]);
    assert.deepEqual(found.jobs[0]?.pool, { name: 'qa-agents' });
    assert.deepEqual(stage({}, { pool: 'agents' })?.jobs[0]?.pool, { name: 'agents' });
  });

  it('installs the tools beforehand only from a mirror', () => {
    assert.equal(stepOf(stage({}), 'DeliveryToolsInstaller@1'), undefined);
    const { tools } = inputs(stage({}, { mirror: '/opt/tools', helmVersion: '4.1.4' }), 'DeliveryToolsInstaller@1');
    assert.equal(tools?.trim(), 'helm 4.1.4\nkubectl\nkubelogin');
  });
});
