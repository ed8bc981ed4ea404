import assert from 'node:assert/strict';
import { stagesWith, stepOf, type Stage } from './delivery.ts';

const required = { projectName: 'orders', azureSubscription: 'contoso-azure', registry: 'contoso.azurecr.io' };
const place = { resourceGroup: 'contoso-apps', cluster: 'contoso-apps' };

function stages(parameters: object): Stage[] {
  return stagesWith('stages/deploy-environments.yml', { ...required, ...parameters });
}

const dependencies = (found: readonly Stage[]): unknown[] => found.map(({ stage, dependsOn }) => [stage, dependsOn]);

describe('the order of environments', () => {
  it('follows dependsOn: none, one, several', () => {
    const found = stages({
      environments: [
        { name: 'qa', ...place },
        { name: 'load-test', ...place, dependsOn: [] },
        { name: 'eu', ...place, dependsOn: 'load-test' },
        { name: 'us', ...place, dependsOn: ['qa', 'load-test'] },
      ],
    });
    assert.deepEqual(dependencies(found), [
      ['qa', undefined],
      ['load_test', []],
      ['eu', ['load_test']],
      ['us', ['qa', 'load_test']],
    ]);
  });

  const conditions: readonly (readonly [string, string])[] = [
    ["eq(variables['deploy'], 'true')", "and(succeeded(), eq(variables['deploy'], 'true'))"],
    ["in(dependencies.qa.result, 'Failed')", "and(succeeded(), in(dependencies.qa.result, 'Failed'))"],
    ['always()', 'always()'],
    ['not(Failed ())', 'not(Failed ())'],
    ['succeededOrFailed()', 'succeededOrFailed()'],
    ["and(not(canceled()), succeeded('qa'))", "and(not(canceled()), succeeded('qa'))"],
  ];
  for (const [own, joined] of conditions) {
    it(`has condition ${joined} for ${own}`, () => {
      assert.equal(stages({ environments: [{ name: 'qa', ...place, condition: own }] })[0]?.condition, joined);
    });
  }
});

describe('the clusters of an environment', () => {
  it('are deployed to in waves: each waits for all lower ones', () => {
    const clusters = [
      { cluster: 'contoso-weu', wave: 1 },
      { cluster: 'contoso-neu', wave: 3 },
      { cluster: 'contoso-eus', resourceGroup: 'contoso-us', azureSubscription: 'contoso-us', wave: 2 },
      { cluster: 'contoso-wus' },
    ];
    const [found] = stages({ environments: [{ name: 'production', resourceGroup: 'contoso-eu', clusters }] });
    assert.deepEqual(
      found?.jobs.map(({ name, dependsOn, environment }) => [name, dependsOn, environment]),
      [
        ['release_contoso_weu', [], 'production-orders'],
        [
          'release_contoso_neu',
          ['release_contoso_weu', 'release_contoso_eus', 'release_contoso_wus'],
          'production-orders',
        ],
        ['release_contoso_eus', ['release_contoso_weu', 'release_contoso_wus'], 'production-orders'],
        ['release_contoso_wus', [], 'production-orders'],
      ],
    );
    const opened = found.jobs.map(({ steps }) => steps.find(({ task }) => task === 'AksCredentials@1')?.inputs);
    assert.deepEqual(
      opened.map((inputs) => [inputs?.['azureSubscription'], inputs?.['resourceGroup'], inputs?.['cluster']]),
      [
        ['contoso-azure', 'contoso-eu', 'contoso-weu'],
        ['contoso-azure', 'contoso-eu', 'contoso-neu'],
        ['contoso-us', 'contoso-us', 'contoso-eus'],
        ['contoso-azure', 'contoso-eu', 'contoso-wus'],
      ],
    );
  });

  it('are told apart by a name where they have the same', () => {
    const clusters = ['weu', 'neu'].map((name) => ({ name, cluster: 'aks', resourceGroup: `contoso-${name}` }));
    const [found] = stages({ environments: [{ name: 'production', clusters }] });
    assert.deepEqual(
      found?.jobs.map(({ name }) => name),
      ['release_weu', 'release_neu'],
    );
  });
});

describe('the roll-back of an environment', () => {
  const environments = [
    { name: 'qa', ...place },
    { name: 'production', resourceGroup: 'contoso-eu', clusters: [{ cluster: 'weu' }, { cluster: 'neu', wave: 2 }] },
  ];

  it('is offered by a stage that somebody starts, behind those that deploy', () => {
    const found = stages({ environments, rollbackStage: true });
    assert.deepEqual(
      found.map(({ stage, trigger, dependsOn, condition }) => [stage, trigger, dependsOn, condition]),
      [
        ['qa', undefined, undefined, undefined],
        ['production', undefined, undefined, undefined],
        ['rollBack_qa', 'manual', ['qa'], 'succeededOrFailed()'],
        ['rollBack_production', 'manual', ['production'], 'succeededOrFailed()'],
      ],
    );
    assert.equal(stepOf(found[2], 'HelmReleaseDeploy@1')?.inputs?.['action'], 'rollback');
  });

  it('takes all clusters of the one environment back to the revision, and deploys nothing', () => {
    const [found, ...others] = stages({ environments, rollBack: 'production', revision: '7', rollbackStage: true });
    assert.deepEqual(others, []);
    assert.deepEqual([found?.stage, found?.trigger, found?.dependsOn], ['rollBack_production', undefined, []]);
    const releases = found?.jobs.map(({ steps }) => steps.find(({ task }) => task === 'HelmReleaseDeploy@1')?.inputs);
    assert.deepEqual(
      releases,
      ['weu', 'neu'].map(() => ({
        action: 'rollback',
        namespace: 'orders-production',
        releaseName: 'orders',
        toRevision: '7',
        timeout: '10m',
        helmVersion: '',
      })),
    );
  });
});
