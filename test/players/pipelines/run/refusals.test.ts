import assert from 'node:assert/strict';
import { NotSupported } from '../../../agent/pipelines/yaml/refusal.ts';
import { play } from './playing.ts';
import { SmallService } from './small-service.ts';

const job = (...lines: string[]): string => `jobs:\n- job: one\n${lines.map((line) => `  ${line}\n`).join('')}`;
const steps = 'steps: [{bash: exit 0}]';
const deployment = (...lines: string[]): string => job(...lines).replace('job: one', 'deployment: one');
const deploy = '{deploy: {steps: []}}';

/** What is not played, and what is said of it. */
const unplayed: Readonly<Record<string, string>> = {
  [job('container: ubuntu', steps)]: "container of job 'one'",
  [job('pool: server', steps)]: "job 'one' without an agent",
  [job('strategy: {parallel: 2}', steps)]: "a strategy other than a written matrix in job 'one'",
  [job('strategy: {matrix: "$[ dependencies.x.outputs[\'y\'] ]"}', steps)]:
    "a strategy other than a written matrix in job 'one'",
  [deployment('environment: qa', `strategy: {rolling: ${deploy}}`)]: "the strategy 'rolling' of deployment job 'one'",
  [deployment('environment: qa', `strategy: {canary: ${deploy}}`)]: "the strategy 'canary' of deployment job 'one'",
  [deployment('environment: {name: qa, resourceName: web}', `strategy: {runOnce: ${deploy}}`)]:
    "resourceName of the environment of deployment job 'one'",
  [job('steps: [{task: AzureCLI@2}, {task: HelmDeploy@1, displayName: Deploy}, {task: AzureCLI@2}]')]:
    "the task AzureCLI@2 (step 'AzureCLI' of job 'one'); the task HelmDeploy@1 (step 'Deploy' of job 'one')",
  [`resources: {pipelines: [{pipeline: ci, source: orders-ci, version: '7'}]}\n${job(steps)}`]:
    "version of the pipeline resource 'ci'",
  [`resources: {pipelines: [{pipeline: ci, source: orders-ci, tags: [ready]}]}\n${job(steps)}`]:
    "tags of the pipeline resource 'ci'",
};

describe('what is not played', () => {
  for (const [text, what] of Object.entries(unplayed)) {
    it(`is refused by name before anything runs: ${what}`, async () => {
      const service = new SmallService({ environments: ['qa'] });
      await assert.rejects(
        async () => play(text, { service }),
        (error) => {
          assert.ok(error instanceof NotSupported, String(error));
          assert.equal(error.message, `not supported: ${what}`);
          return true;
        },
      );
      assert.deepEqual([service.queued, service.agents], [[], []]);
    });
  }

  it('is a stage started by hand that does not wait for it', async () => {
    const message = "not supported: starting 'qa' by hand, which is no stage with trigger: manual";
    const text = 'stages:\n- stage: qa\n  jobs:\n  - job: one\n    steps:\n    - bash: exit 0\n';
    await assert.rejects(play(text, { startedByHand: ['qa'] }), { message });
  });
});
