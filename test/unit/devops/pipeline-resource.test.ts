import assert from 'node:assert/strict';
import { buildingRun, pipelineResource } from '../../../tasks/common/devops/index.ts';

/** A job with these variables. Names are compared without case, as by the agent. */
function jobWith(variables: Readonly<Record<string, string>>) {
  const values = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    variable: (name: string) => values.get(name.toLowerCase()),
    variableNames: () => Object.keys(variables),
  };
}

const ci = { 'resources.pipeline.ci.runID': '703', 'resources.pipeline.ci.projectID': 'p1' };
const base = { 'resources.pipeline.base-images.runID': '90', 'resources.pipeline.base-images.projectID': 'p2' };

describe('the pipeline resource of a run', () => {
  it('is the one with the alias', () => {
    const found = pipelineResource('base-images', jobWith({ ...ci, ...base }));
    assert.deepEqual(found, { alias: 'base-images', projectId: 'p2', runId: 90 });
  });

  it('is the one that triggered the run', () => {
    const job = jobWith({ ...ci, ...base, 'Resources.TriggeringAlias': 'ci' });
    assert.deepEqual(pipelineResource(undefined, job), { alias: 'ci', projectId: 'p1', runId: 703 });
  });

  it('is the only one, in a run that somebody started by hand', () => {
    assert.equal(pipelineResource(undefined, jobWith(ci)).runId, 703);
  });

  it('is the only one, also in a run that something else triggered', () => {
    for (const category of ['Container', 'webhook', 'Repository', 'package']) {
      const trigger = { 'Resources.TriggeringAlias': 'base', 'Resources.TriggeringCategory': category };
      assert.equal(pipelineResource(undefined, jobWith({ ...ci, ...trigger })).runId, 703, category);
      assert.throws(
        () => pipelineResource(undefined, jobWith({ ...ci, ...base, ...trigger })),
        /it has ci, base-images/,
      );
    }
    const older = jobWith({ ...ci, 'Resources.TriggeringAlias': 'image' });
    assert.equal(pipelineResource(undefined, older).runId, 703);
    const byPipeline = { 'Resources.TriggeringAlias': 'ci', 'Resources.TriggeringCategory': 'pipeline' };
    assert.equal(pipelineResource(undefined, jobWith({ ...ci, ...base, ...byPipeline })).alias, 'ci');
  });

  it('is in the own project when the server names none', () => {
    const job = jobWith({ 'resources.pipeline.ci.runID': '703', 'System.TeamProjectId': 'own' });
    assert.equal(pipelineResource('ci', job).projectId, 'own');
  });

  it('must be chosen among several', () => {
    assert.throws(() => pipelineResource(undefined, jobWith({ ...ci, ...base })), /it has ci, base-images/);
    assert.throws(() => pipelineResource(undefined, jobWith({})), /input pipeline is empty \(it has none\)/);
  });

  it('must have a sound run id', () => {
    const job = jobWith({ ...ci, 'resources.pipeline.ci.runID': '-1' });
    assert.throws(() => pipelineResource('ci', job), /runID is '-1'/);
  });
});

describe('the run that built what a run deploys', () => {
  const here = {
    'System.CollectionUri': 'https://dev.azure.com/contoso/',
    'System.TeamProjectId': 'p9',
    'System.DefinitionId': '12',
    'Build.DefinitionName': 'orders-cd',
    'Build.BuildId': '8001',
    'Build.BuildNumber': '20260105.1',
    'Build.SourceBranch': 'refs/heads/main',
    'Build.SourceVersion': 'cdcdcd',
  };
  const built = { ...ci, 'resources.pipeline.ci.pipelineID': '7', 'resources.pipeline.ci.sourceCommit': 'abcdef' };
  const theirs = { projectId: 'p1', pipelineId: 7, runId: 703, commit: 'abcdef' };
  const own = { projectId: 'p9', pipelineId: 12, runId: 8001, commit: 'cdcdcd' };

  it('is the one that triggered it', () => {
    const job = jobWith({ ...here, ...built, ...base, 'Resources.TriggeringAlias': 'ci' });
    assert.deepEqual(buildingRun(job), theirs);
  });

  it('is the only one, in a run for which a person chose it', () => {
    assert.deepEqual(buildingRun(jobWith({ ...here, ...built })), theirs);
  });

  it('is the run itself where nothing or too much else is named', () => {
    assert.deepEqual(buildingRun(jobWith(here)), own);
    assert.deepEqual(buildingRun(jobWith({ ...here, ...built, ...base })), own);
  });

  it('is unknown outside a run', () => assert.equal(buildingRun(jobWith({})), undefined));
});
