import assert from 'node:assert/strict';
import type { PipelineRecord } from '../agent/pipelines/run/index.ts';
import { person } from '../azure/devops/index.ts';
import { startTemplateProject, type TemplateProject } from '../bench/template-project.ts';

const kim = person('Kim Contoso');
const qa = '/apis/apps/v1/namespaces/go-template-app-qa/deployments/go-template-app';
const production = '/apis/apps/v1/namespaces/go-template-app-prod/deployments/go-template-app';

/** Every stage with its result; with what it said where that is not plain success. */
function stagesOf({ stages }: PipelineRecord): string[] {
  return stages.map(({ name, result, message = '' }) => `${name} ${result}${message && `: ${message}`}`);
}

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly { readonly image: string }[] };
    };
  };
}

describe('the examples of the templates, played', () => {
  let project: TemplateProject;
  let answer: 'approved' | 'rejected';
  beforeEach(async () => {
    project = await startTemplateProject();
    const { environments, approvals } = project.azure.organization;
    Object.assign(environments.find('prod-go-template-app')?.checks ?? {}, { approval: { approvers: [kim] } });
    answer = 'approved';
    approvals.whenAsked((approval) => approval.answer(kim, answer));
  });
  afterEach(() => project.close());

  async function deployment(cluster: string, path: string): Promise<Deployment | undefined> {
    return (await project.administrator(cluster).find(path)) as Deployment | undefined;
  }

  /** A commit whose values files leave a mark on the pods of production, delivered by ci.yml and cd.yml. */
  async function deliver(mark: string): Promise<PipelineRecord> {
    project.commit({ 'deploy/production.yaml': `podAnnotations:\n  mark: ${mark}\n` });
    const { ci, cd } = await project.deliver();
    assert.deepEqual(stagesOf(ci), ['publish Succeeded']);
    return cd ?? assert.fail('the end of CI triggered nothing');
  }

  it('deliver a commit with its values files, and take production back', async () => {
    assert.deepEqual(stagesOf(await deliver('first')), ['qa Succeeded', 'production Succeeded']);
    const [inQa, inProduction] = [await deployment('contoso-qa', qa), await deployment('contoso-prod', production)];
    assert.deepEqual([inQa?.spec.replicas, inProduction?.spec.replicas], [1, 2]);
    const image = inProduction?.spec.template.spec.containers[0]?.image ?? '';
    assert.match(image, /^contoso\.azurecr\.io\/go-template-app:[0-9a-f]{40}@sha256:[0-9a-f]{64}$/);
    assert.equal(inQa?.spec.template.spec.containers[0]?.image, image);

    await deliver('second');
    const mark = async (): Promise<string | undefined> =>
      (await deployment('contoso-prod', production))?.spec.template.metadata.annotations['mark'];
    assert.equal(await mark(), 'second');
    const back = await project.run('rollback.yml', { environment: 'production' });
    assert.deepEqual(stagesOf(back), ['rollBack_production Succeeded']);
    assert.deepEqual(back.stages[0]?.approvers, ['Kim Contoso']);
    assert.equal(await mark(), 'first');
  });

  it('leave production alone when it is rejected', async () => {
    answer = 'rejected';
    const [inQa, rejected = ''] = stagesOf(await deliver('first'));
    assert.equal(inQa, 'qa Succeeded');
    assert.match(rejected, /^production Failed: .*Kim Contoso/);
    assert.equal(await deployment('contoso-prod', production), undefined);
  });
});

describe('clusters in waves, played', () => {
  let project: TemplateProject;
  beforeEach(async () => {
    project = await startTemplateProject();
    const { environments } = project.azure.organization;
    for (const name of ['staging', 'production']) environments.add(`${name}-go-template-app`);
  });
  afterEach(() => project.close());

  const pipeline = `
trigger: none
resources:
  repositories:
    - repository: delivery
      type: git
      name: contoso/helm-delivery
stages:
  - template: templates/stages/deploy-environments.yml@delivery
    parameters:
      projectName: go-template-app
      azureSubscription: contoso-azure
      registry: contoso.azurecr.io
      chart: charts/go-template-app
      environments:
        - name: qa
          clusters:
            - { cluster: contoso-qa, resourceGroup: contoso-qa, wave: 1 }
            - { cluster: contoso-prod, resourceGroup: contoso-prod, wave: 2 }
          valueFiles: [deploy/qa.yaml]
          postDeploy:
            - script: kubectl get deployment go-template-app
        - name: staging
          clusters:
            - { cluster: contoso-prod, resourceGroup: contoso-prod, wave: 2 }
            - { cluster: contoso-qa, resourceGroup: contoso-qa, wave: 1 }
        - name: production
          resourceGroup: contoso-prod
          cluster: contoso-prod
          condition: eq(variables['Build.Reason'], 'Manual')
`;

  it('come one after the other, with the chart of the sources', async () => {
    project.commit({ 'waves.yml': pipeline });
    assert.deepEqual(
      stagesOf(await project.run('waves.yml')),
      ['qa', 'staging', 'production'].map((name) => `${name} Succeeded`),
    );
    for (const name of ['contoso-qa', 'contoso-prod']) assert.ok(await deployment(name), name);
  });

  it('end with the first that fails: neither the second nor later environments are touched, and the run says why', async () => {
    const broken = 'podAnnotations:\n  contoso.example/behaviour: image-name-invalid\n';
    project.commit({ 'waves.yml': pipeline, 'deploy/qa.yaml': broken });
    const record = await project.run('waves.yml');
    const [inQa, inStaging, inProduction = ''] = stagesOf(record);
    assert.equal(inStaging, 'staging Skipped: The condition succeeded() is false (qa: Failed).');
    assert.equal(inQa, 'qa Failed');
    assert.match(
      inProduction,
      /^production Skipped: The condition and\(succeeded\(\), .*\) is false \(staging: Skipped, qa: Failed\)\.$/,
    );
    assert.deepEqual(
      record.stages[0]?.jobs.map(({ name, result }) => [name, result]),
      [
        ['release_contoso_qa', 'Failed'],
        ['release_contoso_prod', 'Skipped'],
      ],
    );
    assert.equal(await deployment('contoso-prod'), undefined);
  });

  const deployment = (cluster: string): Promise<unknown> => project.administrator(cluster).find(qa);
});
