import assert from 'node:assert/strict';
import { stagesOf, stepOf } from './delivery.ts';

describe('the examples to copy', () => {
  it('ci.yml builds and pushes the image before the chart, and hands both over', () => {
    const [stage, ...others] = stagesOf('templates/examples/ci.yml');
    assert.deepEqual(others, []);
    const tasks = stage?.jobs.flatMap(({ steps }) => steps).map(({ task }) => task);
    const order = [
      'ContainerRegistryLogin@1',
      'HelmChartSave@1',
      'PolicyCheck@1',
      'HelmChartPush@1',
      'HandoffPublish@1',
    ];
    assert.deepEqual(
      tasks?.filter((task) => task !== 'Bash@3'),
      order,
    );
    const { inputs } = stepOf(stage, 'HandoffPublish@1') ?? {};
    assert.equal(inputs?.['images'], 'app=go-template-app:$(Build.SourceVersion)');
    assert.equal(inputs?.['files'], 'deploy/*.yaml');
  });

  it('cd.yml deploys to qa and then to production, each in its environment', () => {
    const stages = stagesOf('templates/examples/cd.yml');
    assert.deepEqual(
      stages.map(({ stage, dependsOn, condition, jobs }) => [stage, dependsOn, condition, jobs[0]?.environment]),
      [
        ['qa', undefined, undefined, 'qa-go-template-app'],
        ['production', undefined, undefined, 'prod-go-template-app'],
      ],
    );
    const { inputs } = stepOf(stages[1], 'HelmReleaseDeploy@1') ?? {};
    assert.equal(inputs?.['chart'], '$(handoff.chartDigestRef)');
    assert.equal(inputs?.['set'], 'replicaCount=2');
    assert.equal(inputs?.['valueFiles'], '$(handoff.filesPath)/deploy/production.yaml');
  });

  it('rollback.yml takes the chosen environment back, and touches no other', () => {
    const [stage, ...others] = stagesOf('templates/examples/rollback.yml', {
      environment: 'production',
      revision: '3',
    });
    assert.deepEqual(others, []);
    assert.equal(stage?.jobs[0]?.environment, 'prod-go-template-app');
    const { inputs } = stepOf(stage, 'HelmReleaseDeploy@1') ?? {};
    assert.equal(inputs?.['action'], 'rollback');
    assert.equal(inputs?.['toRevision'], '3');
  });

  it('rollback.yml goes to the newest good revision unless a number is given', () => {
    const [stage] = stagesOf('templates/examples/rollback.yml', { environment: 'qa' });
    assert.equal(stepOf(stage, 'HelmReleaseDeploy@1')?.inputs?.['toRevision'], undefined);
  });
});
