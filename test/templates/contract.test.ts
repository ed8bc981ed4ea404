import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { expandedPipeline } from '../agent/pipelines/expand.ts';
import { readPipeline } from '../agent/pipelines/run/read-document.ts';
import { Contract } from './contract.ts';

/** What is said against a whole pipeline. */
function faults(pipeline: object): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'contract-'));
  try {
    const file = path.join(folder, 'azure-pipelines.yml');
    writeFileSync(file, stringify(pipeline));
    return new Contract(readPipeline(expandedPipeline({ file })), { steps: new Map(), variables: new Set() }).faults();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const registry = { azureSubscription: 'contoso-azure', registry: 'contoso.azurecr.io' };
const push = { task: 'HelmChartPush@1', name: 'push', inputs: { ...registry, chartPath: 'orders.tgz' } };
const echo = (text: string): object => ({ script: `echo ${text}` });

const unknown = (task: string): string => `${task} is no task of the extension, and none of the known foreign ones`;
const missing = (name: string): string[] => [`CmdLine@2 reads ${name}, which nothing sets`];
const reader = (expression: string): object => ({
  job: 'reader',
  variables: { digest: `$[ ${expression} ]` },
  steps: [echo('$(digest)')],
});

describe('the contract of a pipeline and its tasks', () => {
  it('holds for outputs of a step before, predefined variables and variables of the job', () => {
    const steps = [push, echo('$(push.chartDigest) $(Build.BuildId) $(colour)')];
    assert.deepEqual(faults({ jobs: [{ job: 'chart', variables: { Colour: 'red' }, steps }] }), []);
  });

  it('knows no other tasks, nor other majors', () => {
    assert.deepEqual(faults({ steps: [{ task: 'HelmDeploy@0' }] }), [unknown('HelmDeploy@0')]);
    assert.deepEqual(faults({ steps: [{ ...push, task: 'HelmChartPush@2' }] }), [unknown('HelmChartPush@2')]);
  });

  it('knows the inputs and the values of pick lists and booleans', () => {
    const withInputs = (inputs: object): string[] =>
      faults({ steps: [{ ...push, inputs: { ...push.inputs, ...inputs } }] });
    assert.deepEqual(withInputs({ regsitry: 'x' }), ['HelmChartPush@1 has no input regsitry']);
    assert.deepEqual(withInputs({ ifExists: 'replace' }), ['HelmChartPush@1 ifExists: replace']);
    const deploy = { task: 'HelmReleaseDeploy@1', inputs: { namespace: 'qa', runTests: 'maybe' } };
    assert.deepEqual(faults({ steps: [deploy] }), ['HelmReleaseDeploy@1 runTests: maybe']);
  });

  it('wants the required inputs', () => {
    assert.deepEqual(faults({ steps: [{ ...push, inputs: registry }] }), ['HelmChartPush@1 lacks the input chartPath']);
  });

  it('wants each output of a step to be one of its task, and the step before', () => {
    assert.deepEqual(faults({ steps: [push, echo('$(push.digest)')] }), missing('push.digest'));
    assert.deepEqual(faults({ steps: [push, echo('$(pull.chartDigest)')] }), missing('pull.chartDigest'));
    assert.deepEqual(faults({ steps: [echo('$(push.chartDigest)'), push] }), missing('push.chartDigest'));
    const condition = "ne(variables['push.digest'], '')";
    assert.deepEqual(faults({ steps: [push, { ...echo('x'), condition }] }), missing('push.digest'));
  });

  it('wants each variable to be declared', () => {
    assert.deepEqual(faults({ steps: [echo('$(colour)')] }), missing('colour'));
  });
});

const stages = (
  expression: string,
  dependsOn: readonly string[],
  job: object = { job: 'chart', steps: [push] },
): string[] =>
  faults({
    stages: [
      { stage: 'build', jobs: [job] },
      { stage: 'qa', dependsOn, jobs: [reader(expression)] },
    ],
  });

describe('the contract of jobs and stages', () => {
  const read = "stageDependencies.build.chart.outputs['push.chartDigest']";
  it('holds where dependsOn lists the stage or the job', () => {
    assert.deepEqual(stages(read, ['build']), []);
    const jobs = [
      { job: 'chart', steps: [push] },
      { ...reader("dependencies.chart.outputs['push.chartDigest']"), dependsOn: 'chart' },
    ];
    assert.deepEqual(faults({ jobs }), []);
  });

  it('does not hold for an output that no task sets, of no job, or of a stage that nothing waits for', () => {
    const wrong = "stageDependencies.build.chart.outputs['push.digest']";
    assert.deepEqual(stages(wrong, ['build']), [`${wrong}: no step sets it`]);
    const nowhere = "stageDependencies.build.image.outputs['push.chartDigest']";
    assert.deepEqual(stages(nowhere, ['build']), [`${nowhere}: there is no such job`]);
    assert.deepEqual(stages(read, []), [`${read}: dependsOn does not list it`]);
    const local = "dependencies.chart.outputs['push.chartDigest']";
    assert.deepEqual(faults({ jobs: [{ job: 'chart', steps: [push] }, reader(local)] }), [
      `${local}: dependsOn does not list it`,
    ]);
  });

  it("wants the job's name again for outputs of a deployment job", () => {
    const job = { deployment: 'chart', environment: 'qa', strategy: { runOnce: { deploy: { steps: [push] } } } };
    assert.deepEqual(stages(read, ['build'], job), [`${read}: no step sets it`]);
    assert.deepEqual(stages("stageDependencies.build.chart.outputs['chart.push.chartDigest']", ['build'], job), []);
  });
});
