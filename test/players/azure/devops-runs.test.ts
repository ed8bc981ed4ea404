import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expandedPipeline } from '../../agent/pipelines/expand.ts';
import { readPipeline, runPipeline, type PipelineRecord } from '../../agent/pipelines/run/index.ts';
import { Refused } from '../../agent/pipelines/yaml/refusal.ts';
import type { Organization } from '../../azure/devops/index.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { ScriptSteps } from '../pipelines/run/script-steps.ts';
import { devOpsClient } from './devops-client.ts';
import { fieldsOf } from './loopback-client.ts';

const template = `
stages:
- stage: production
  jobs:
  - deployment: deploy
    environment: production
    strategy: {runOnce: {deploy: {steps: [{script: echo deployed}]}}}
`;

const pipelineOf = (ref: string): string => `
resources:
  repositories:
  - repository: delivery
    type: git
    name: contoso/helm-delivery
    ref: ${ref}
extends:
  template: pipelines/cd.yml@delivery
`;

const required = {
  repositoryType: 'git',
  repositoryName: 'contoso/helm-delivery',
  repositoryRef: 'refs/tags/v1.0.0',
  templatePath: 'pipelines/cd.yml',
};

describe('Runs of pipelines in the played Azure DevOps', () => {
  let azure: Azure;
  let organization: Organization;
  let folder: string;
  beforeEach(async () => {
    azure = await startAzure();
    organization = azure.organization;
    folder = mkdtempSync(path.join(tmpdir(), 'runs-'));
    mkdirSync(path.join(folder, 'delivery/pipelines'), { recursive: true });
    writeFileSync(path.join(folder, 'delivery/pipelines/cd.yml'), template);
  });
  afterEach(async () => {
    await azure.close();
    rmSync(folder, { recursive: true });
  });

  function run(text: string): Promise<PipelineRecord> {
    const file = path.join(folder, 'cd.yml');
    writeFileSync(file, text);
    const repositories = new Map([['delivery', path.join(folder, 'delivery')]]);
    const [branch, commit] = ['refs/heads/main', '4f6c2a9b8d1e3f507192a4b6c8d0e2f4a6b8c0d2'];
    return runPipeline({
      pipeline: readPipeline(expandedPipeline({ file, root: folder, repositories })),
      queued: { pipeline: 'orders-cd', branch, commit, reason: 'Manual', requestedFor: 'Robin Doe' },
      service: organization,
      steps: new ScriptSteps(),
      repositories: [{ alias: 'self', name: 'orders', folder }],
    });
  }

  it('pass where they extend the template that the environment requires, from the ref that it requires', async () => {
    const { configurations } = organization.environments.add('production');
    configurations.add('template', { settings: { extendsChecks: [required] } });
    assert.equal((await run(pipelineOf('refs/tags/v1.0.0'))).result, 'Succeeded');
    for (const text of [pipelineOf('refs/tags/v0.9.0'), template]) {
      const { result, stages } = await run(text);
      assert.deepEqual(
        [result, stages[0]?.message],
        ['Failed', 'The pipeline does not extend a template that environment production requires.'],
      );
    }
  });

  it('pass where they extend a required template of their own repository', async () => {
    const { configurations } = organization.environments.add('production');
    const own = { ...required, repositoryName: 'orders', repositoryRef: 'refs/heads/main' };
    configurations.add('template', { settings: { extendsChecks: [own] } });
    mkdirSync(path.join(folder, 'pipelines'));
    writeFileSync(path.join(folder, 'pipelines/cd.yml'), template);
    assert.equal((await run('extends:\n  template: pipelines/cd.yml\n')).result, 'Succeeded');
  });

  it('are judged by branch control with the refs of the repositories that they name', async () => {
    const { checks } = organization.environments.add('production');
    checks.allowedBranches = ['refs/heads/main'];
    const { result, stages } = await run(pipelineOf('refs/tags/v1.0.0'));
    assert.deepEqual(
      [result, stages[0]?.message],
      ['Failed', 'Branch control of environment production does not allow refs/tags/v1.0.0.'],
    );
    assert.equal((await run(pipelineOf('main'))).result, 'Succeeded');
    checks.allowedBranches = ['refs/heads/main', 'refs/tags/*'];
    assert.equal((await run(pipelineOf('refs/tags/v1.0.0'))).result, 'Succeeded');
  });

  it('need a permission for an environment that was made by the REST API', async () => {
    organization.environmentCreators.add(organization.buildService.id);
    const ask = devOpsClient(azure);
    const made = fieldsOf(await ask('POST', 'pipelines/environments', { name: 'production' }));
    const refused = new Refused([
      'Job deploy: Environment production could not be found. The environment does not exist or has not been authorized for use.',
    ]);
    await assert.rejects(run(template), { message: refused.message });
    const pipelines = [{ id: organization.pipelines.named('orders-cd').id, authorized: true }];
    const permissions = `pipelines/pipelinepermissions/environment/${String(made['id'])}`;
    await ask('PATCH', permissions, { pipelines });
    assert.equal((await run(template)).result, 'Succeeded');
    await ask('PATCH', permissions, { pipelines: pipelines.map((each) => ({ ...each, authorized: false })) });
    await assert.rejects(run(template), { message: refused.message });
    await ask('PATCH', permissions, { allPipelines: { authorized: true } });
    assert.equal((await run(template)).result, 'Succeeded');
  });
});
