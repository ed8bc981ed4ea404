import assert from 'node:assert/strict';
import { thisRun } from '../../../tasks/common/devops/index.ts';

describe('this run', () => {
  const run = thisRun({
    variable: (name) =>
      ({ 'System.TeamProjectId': 'p1', 'Build.BuildId': 'seven', 'System.CollectionUri': 'contoso' })[name],
  });

  it('tells what the agent gives, whatever else it does not', () => {
    assert.equal(run.projectId, 'p1');
    assert.equal(run.attempt, 1);
  });

  it('says what is missing or wrong where it is read', () => {
    assert.throws(() => run.branch, /The agent gives no Build\.SourceBranch: run this task in a job/);
    assert.throws(() => run.organization, /System\.CollectionUri is 'contoso'; it should be an address/);
    assert.throws(() => run.runId, /Build\.BuildId is 'seven'; it should be a whole number/);
  });
});
