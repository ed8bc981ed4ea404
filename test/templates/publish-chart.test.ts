import assert from 'node:assert/strict';
import { stagesWith, stepOf, type Stage } from './delivery.ts';

const required = { projectName: 'orders', azureSubscription: 'contoso-azure', registry: 'contoso.azurecr.io' };

function published(parameters: object = {}): Stage | undefined {
  return stagesWith('stages/publish-chart.yml', { ...required, ...parameters })[0];
}

/** Tasks, and the scripts that hooks have. */
function order(stage: Stage | undefined): string[] {
  const steps = stage?.jobs.flatMap((job) => job.steps) ?? [];
  return steps.map(({ task, inputs }) => (['CmdLine@2', 'Bash@3'].includes(task) ? (inputs?.['script'] ?? '') : task));
}

describe('stages/publish-chart.yml', () => {
  it('runs the hooks in the order tests, build, scan, push, policies', () => {
    const hooks = Object.fromEntries(
      ['test', 'build', 'scan', 'push', 'policy'].map((name) => [`${name}Steps`, [{ script: name }]]),
    );
    assert.deepEqual(order(published(hooks)), [
      'test',
      'ContainerRegistryLogin@1',
      'build',
      'scan',
      'push',
      'HelmChartSave@1',
      'policy',
      'HelmChartPush@1',
      'HandoffPublish@1',
    ]);
  });

  it('builds and pushes the commit with docker unless hooks do', () => {
    const image = 'contoso.azurecr.io/orders:$(Build.SourceVersion)';
    const scripts = order(published()).filter((text) => text.startsWith('docker'));
    assert.deepEqual(scripts, ['docker build --tag "$IMAGE" .', 'docker push "$IMAGE"']);
    // A macro in a script is text of the script, and a tag may be made of the name of a branch.
    const steps = published()?.jobs[0]?.steps.filter(({ task }) => task === 'Bash@3') ?? [];
    for (const { env } of steps) assert.deepEqual(env, { IMAGE: image });
  });

  it('tells hooks the image by the variables registryServerName, imageName and imageTag', () => {
    assert.deepEqual(published({ imageName: 'team/orders', imageTag: '7', variableGroups: ['orders'] })?.variables, [
      { group: 'orders' },
      { name: 'registryServerName', value: 'contoso.azurecr.io' },
      { name: 'imageName', value: 'team/orders' },
      { name: 'imageTag', value: '7' },
    ]);
  });

  it('takes the chart of charts/<projectName> and gives it the run as build metadata and the tag as app version', () => {
    assert.deepEqual(stepOf(published({ imageTag: '7' }), 'HelmChartSave@1')?.inputs, {
      chartPath: 'charts/orders',
      chartVersion: '',
      buildMetadata: '$(Build.BuildId)',
      appVersion: '7',
      helmVersion: '',
    });
  });

  it('hands over the image under the name app, what the push gave, and the values files', () => {
    const parameters = { valueFiles: ['deploy/*.yaml', 'more.yaml'], sealKey: '$(handoffSealKey)' };
    assert.deepEqual(stepOf(published(parameters), 'HandoffPublish@1')?.inputs, {
      azureSubscription: 'contoso-azure',
      registry: 'contoso.azurecr.io',
      chartDigestRef: '$(push.chartDigestRef)',
      chartVersion: '$(push.chartVersion)',
      appVersion: '$(save.appVersion)',
      images: 'app=orders:$(Build.SourceVersion)',
      files: 'deploy/*.yaml\nmore.yaml',
      sealKey: '$(handoffSealKey)',
    });
  });

  it('hands over the images that it is told instead', () => {
    const images = 'web=web:7\nworker=worker:7\n';
    assert.equal(stepOf(published({ images }), 'HandoffPublish@1')?.inputs?.['images'], images);
  });

  it('builds no image and signs in nowhere for a chart without one', () => {
    const stage = published({ buildImage: false, buildSteps: [{ script: 'build' }] });
    assert.deepEqual(order(stage), ['HelmChartSave@1', 'HelmChartPush@1', 'HandoffPublish@1']);
    assert.equal(stepOf(stage, 'HelmChartSave@1')?.inputs?.['appVersion'], '');
    assert.equal(stepOf(stage, 'HandoffPublish@1')?.inputs?.['images'], '');
  });

  it('shows the connection to registries of dependencies only where they are named', () => {
    const { inputs } = stepOf(published({ dependencyRegistries: 'fabrikam.azurecr.io' }), 'HelmChartSave@1') ?? {};
    assert.equal(inputs?.['azureSubscription'], 'contoso-azure');
    assert.equal(inputs?.['dependencyRegistries'], 'fabrikam.azurecr.io');
  });

  it('installs helm beforehand only from a mirror', () => {
    assert.equal(stepOf(published({ helmVersion: '4.1.4' }), 'DeliveryToolsInstaller@1'), undefined);
    const stage = published({ helmVersion: '4.1.4', mirror: 'https://mirror.contoso.com' });
    assert.deepEqual(stepOf(stage, 'DeliveryToolsInstaller@1')?.inputs, {
      tools: 'helm 4.1.4',
      mirror: 'https://mirror.contoso.com',
    });
  });

  it('runs on the pool that it is given, by mapping or by name', () => {
    assert.deepEqual(published()?.jobs[0]?.pool, { vmImage: 'ubuntu-latest' });
    assert.deepEqual(published({ pool: 'contoso-agents' })?.jobs[0]?.pool, { name: 'contoso-agents' });
  });

  const refused: readonly (readonly [object, string])[] = [
    [{ registry: '' }, 'registry is empty'],
    [{ pool: ['contoso-agents'] }, 'pool must be a mapping, or the name of a pool'],
    [{ pool: '' }, 'pool must be a mapping, or the name of a pool'],
    [{ variableGroups: 'orders' }, 'variableGroups must be a list of names'],
    [{ variableGroups: [{ group: 'orders' }] }, 'variableGroups must be a list of names'],
    [{ valueFiles: 'a.yaml' }, 'valueFiles must be a list of paths'],
  ];
  for (const [parameters, message] of refused) {
    it(`refuses ${JSON.stringify(parameters)}`, () => {
      assert.throws(() => published(parameters), new RegExp(String.raw`\): Unexpected value '${message}'$`));
    });
  }
});
