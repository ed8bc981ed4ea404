import assert from 'node:assert/strict';
import type { StepDocument } from '../../../agent/pipelines/run/document.ts';
import { runPipeline, type PipelineRecord } from '../../../agent/pipelines/run/index.ts';
import type { ChecksOutcome, ConsumedRun } from '../../../agent/pipelines/run/service.ts';
import { documentWith } from '../../../templates/delivery.ts';
import { queuedByHand, resultsOf, stageOf } from './playing.ts';
import { ScriptSteps } from './script-steps.ts';
import { SmallService } from './small-service.ts';

const document = documentWith('stages/deploy-environments.yml', {
  projectName: 'orders',
  azureSubscription: 'contoso-azure',
  registry: 'contoso.azurecr.io',
  environments: [
    { name: 'test', resourceGroup: 'contoso', cluster: 'contoso-test' },
    {
      name: 'qa',
      resourceGroup: 'contoso',
      clusters: [
        { cluster: 'contoso-weu', wave: 1 },
        { cluster: 'contoso-neu', wave: 2 },
      ],
    },
    { name: 'production', resourceGroup: 'contoso', cluster: 'contoso-production' },
  ],
});

/** The run of CI that hands over what is deployed. */
const ci: ConsumedRun = {
  projectId: 'p-1',
  pipelineId: 3,
  pipelineName: 'orders-ci',
  id: 30,
  number: '7',
  branch: 'refs/heads/main',
  commit: 'c1',
  requestedFor: 'Robin Doe',
};

/** Every task is a script that says its name; the deployment to one cluster fails. */
class Tasks extends ScriptSteps {
  constructor(readonly failing: string | undefined) {
    super();
  }

  override unplayed(): undefined {
    return undefined;
  }

  override run(...[job, step, context]: Parameters<ScriptSteps['run']>): ReturnType<ScriptSteps['run']> {
    const cluster = job.variables.get('System.JobDisplayName');
    const fails = step.task === 'HelmReleaseDeploy' && cluster === this.failing;
    const played: StepDocument = { ...step, inputs: { script: fails ? 'exit 1' : `echo ${step.task}` } };
    return super.run(job, played, context);
  }
}

/** Plays the environments; checks of production end as given. */
function play(failing?: string, production: ChecksOutcome['result'] = 'passed'): Promise<PipelineRecord> {
  const service = new SmallService({
    environments: ['test-orders', 'qa-orders', 'production-orders'],
    runs: [ci],
    checks: ({ stage }) => ({ result: stage === 'production' ? production : 'passed', approvers: [] }),
  });
  return runPipeline({
    pipeline: document,
    queued: queuedByHand,
    service,
    steps: new Tasks(failing),
    repositories: [],
  });
}

const jobsOf = (record: PipelineRecord, stage: string): unknown[] =>
  stageOf(record, stage).jobs.map(({ displayName, result }) => [displayName, result]);

describe('the stages of deploy-environments.yml, played', () => {
  it('go through every environment and wave', async () => {
    const record = await play();
    assert.deepEqual(resultsOf(record), { test: 'Succeeded', qa: 'Succeeded', production: 'Succeeded' });
  });

  it('stop at a cluster that fails in the first wave, and say so: no second wave, no production', async () => {
    const record = await play('contoso-weu');
    assert.deepEqual(resultsOf(record), { test: 'Succeeded', qa: 'Failed', production: 'Skipped' });
    assert.deepEqual(jobsOf(record, 'qa'), [
      ['contoso-weu', 'Failed'],
      ['contoso-neu', 'Skipped'],
    ]);
    const [, second] = stageOf(record, 'qa').jobs;
    assert.equal(second?.message, 'The condition succeeded() is false (release_contoso_weu: Failed).');
    assert.equal(stageOf(record, 'production').message, 'The condition succeeded() is false (qa: Failed).');
  });

  it('leave production alone when its approval is refused', async () => {
    const record = await play(undefined, 'rejected');
    assert.deepEqual(resultsOf(record), { test: 'Succeeded', qa: 'Succeeded', production: 'Failed' });
    assert.deepEqual(stageOf(record, 'production').jobs, []);
  });
});
