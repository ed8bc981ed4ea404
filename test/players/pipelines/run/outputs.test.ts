import assert from 'node:assert/strict';
import { jobOf, linesOf, play, resultsOf } from './playing.ts';
import { SmallService } from './small-service.ts';

const setting = (value: string): string =>
  `[{checkout: none}, {bash: 'echo "##vso[task.setvariable variable=tag;isOutput=true]${value}"', name: set}]`;

const reading = (expression: string): string => `
    variables: {value: "$[ ${expression} ]"}
    steps:
    - checkout: none
    - bash: echo "[$(value)]"
`;

const text = `
stages:
- stage: build
  jobs:
  - job: image
    steps: ${setting('v1')}
  - job: same
    dependsOn: image${reading("dependencies.image.outputs['set.tag']")}
  - job: blind${reading("dependencies.image.outputs['set.tag']")}
  - job: matrix
    strategy: {matrix: {musl: {flavour: musl}, glibc: {flavour: glibc}}}
    steps: ${setting('$(flavour)')}
  - job: legs
    dependsOn: matrix${reading("dependencies.matrix.outputs['glibc.set.tag']")}
- stage: qa
  condition: and(succeeded(), eq(dependencies.build.outputs['image.set.tag'], 'V1'))
  variables: {ofStage: "$[ stageDependencies.Build.image.outputs['set.tag'] ]"}
  jobs:
  - deployment: deploy_orders
    environment: qa
    strategy:
      runOnce:
        preDeploy:
          steps: ${setting('before').replace('name: set', 'name: first')}
        deploy:
          steps:
          - bash: echo "$(ofStage)[$(set.tag)]"
          - bash: echo "##vso[task.setvariable variable=tag;isOutput=true]deployed"
            name: set
  - job: after
    dependsOn: deploy_orders${reading("dependencies.deploy_orders.outputs['deploy_orders.set.tag']")}
  - job: hook
    dependsOn: deploy_orders${reading("dependencies.deploy_orders.outputs['deploy_orders.first.tag']")}
- stage: production
  dependsOn: qa
  condition: eq(dependencies.qa.outputs['deploy_orders.deploy_orders.set.tag'], 'deployed')
  jobs:
  - job: near${reading("stageDependencies.qa.deploy_orders.outputs['deploy_orders.set.tag']")}
  - job: far${reading("stageDependencies.build.image.outputs['set.tag']")}
  - job: result${reading('stageDependencies.qa.deploy_orders.result')}
`;

describe('output variables', () => {
  it('reach the jobs and stages whose dependsOn has their own', async () => {
    const record = await play(text, { service: new SmallService({ environments: ['qa'] }) });
    assert.deepEqual(resultsOf(record), { build: 'Succeeded', qa: 'Succeeded', production: 'Succeeded' });
    const read = (job: string, stage: string): string | undefined => linesOf(jobOf(record, job, stage)).at(-1);
    assert.equal(read('same', 'build'), '[v1]');
    assert.equal(read('blind', 'build'), '[]');
    assert.equal(read('legs', 'build'), '[glibc]');
    assert.equal(read('after', 'qa'), '[deployed]');
    assert.equal(read('hook', 'qa'), '[]');
    assert.equal(read('near', 'production'), '[deployed]');
    assert.equal(read('far', 'production'), '[]');
    assert.equal(read('result', 'production'), '[Succeeded]');
    const [, deploy] = jobOf(record, 'deploy_orders', 'qa').parts;
    // An unknown macro is a command of bash then, which prints nothing: the hook before has another agent.
    assert.ok(deploy?.steps[0]?.rawOutput.split('\n').includes('v1[]'), deploy?.steps[0]?.rawOutput);
  });

  it('that are secret stay so in later jobs, and what these make of them', async () => {
    const secret = `
stages:
- stage: build
  jobs:
  - job: first
    steps:
    - checkout: none
    - bash: echo "##vso[task.setvariable variable=key;isOutput=true;isSecret=true]hush-hush"
      name: set
  - job: second
    dependsOn: first
    variables: {key: "$[ format('<{0}>', dependencies.first.outputs['set.key']) ]"}
    steps:
    - checkout: none
    - bash: echo "$(key) [$KEY]"
- stage: qa
  variables: {key: "$[ stageDependencies.build.first.outputs['set.key'] ]"}
  jobs:
  - job: third
    variables: {again: "$[ variables.key ]"}
    steps:
    - checkout: none
    - bash: echo "$(key) $(again) [$KEY$AGAIN]"
`;
    const record = await play(secret);
    const shown = (job: string, stage: string): string | undefined =>
      jobOf(record, job, stage).parts[0]?.steps.at(-1)?.log.at(-1);
    assert.equal(shown('second', 'build'), '*** []');
    assert.equal(shown('third', 'qa'), '*** *** []');
  });
});
