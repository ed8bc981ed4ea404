import assert from 'node:assert/strict';
import { stagesExtending, stagesWith } from './delivery.ts';

const required = { projectName: 'orders', azureSubscription: 'contoso-azure', registry: 'contoso.azurecr.io' };
const environments = [
  { name: 'qa', resourceGroup: 'contoso-qa', cluster: 'contoso-qa', preDeploy: [{ script: 'before' }] },
  { name: 'production', resourceGroup: 'contoso-prod', clusters: [{ cluster: 'weu' }, { cluster: 'neu', wave: 2 }] },
];

/** Parameters of which each differs from its default. */
const given: Readonly<Record<string, object>> = {
  'publish-chart': {
    ...required,
    chartPath: 'deploy/chart',
    imageTag: '7',
    valueFiles: ['deploy/*.yaml'],
    testSteps: [{ script: 'test' }],
    variableGroups: ['orders'],
    pool: 'contoso-agents',
    helmVersion: '4.x',
  },
  'deploy-environments': {
    ...required,
    environments,
    rollbackStage: true,
    replicasPath: 'count',
    pool: 'contoso-agents',
  },
};

describe('the pipelines to extend', () => {
  for (const [name, parameters] of Object.entries(given)) {
    it(`pipelines/${name}.yml is stages/${name}.yml`, () => {
      const stages = stagesWith(`stages/${name}.yml`, parameters);
      assert.deepEqual(stagesExtending(`pipelines/${name}.yml`, parameters), stages);
    });
  }

  it('pipelines/rollback.yml takes the chosen environment back', () => {
    const { projectName, azureSubscription } = required;
    const parameters = { projectName, azureSubscription, environments, environment: 'production', revision: '7' };
    assert.deepEqual(
      stagesExtending('pipelines/rollback.yml', parameters),
      stagesWith('stages/deploy-environments.yml', {
        ...required,
        environments,
        rollBack: 'production',
        revision: '7',
      }),
    );
  });

  it('pipelines/rollback.yml knows the environments that there are without a list', () => {
    const { projectName, azureSubscription } = required;
    const place = { resourceGroup: 'contoso-apps', cluster: 'contoso-apps' };
    const [stage] = stagesExtending('pipelines/rollback.yml', {
      projectName,
      azureSubscription,
      ...place,
      environment: 'production',
    });
    assert.equal(stage?.jobs[0]?.environment, 'prod-orders');
  });
});
