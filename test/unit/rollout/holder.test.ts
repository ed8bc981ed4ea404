import assert from 'node:assert/strict';
import { newHolder, runAddress, shownHolder } from '../../../tasks/common/rollout/holder.ts';

const variables: Record<string, string> = {
  'System.CollectionUri': 'https://dev.azure.com/contoso',
  'System.TeamProject': 'web & shop',
  'System.TeamProjectId': '0a1b2c3d-0001-4000-8000-00000c0a7050',
  'System.DefinitionId': '12',
  'Build.DefinitionName': 'deploy',
  'Build.BuildId': '4711',
  'Build.BuildNumber': '20261126.1',
  'Build.SourceBranch': 'refs/heads/main',
  'Build.SourceVersion': '0123456789012345678901234567890123456789',
};
const context = (more: Record<string, string | undefined> = {}) => ({
  variable: (name: string) => ({ ...variables, ...more })[name],
});

describe('the holder of a Lease', () => {
  it('is the address of the run, and of the job in it', () => {
    const address = 'https://dev.azure.com/contoso/web%20%26%20shop/_build/results?buildId=4711';
    assert.equal(runAddress(context()), address);
    const job = '12f1170f-54f2-53f3-20dd-22fc7dff55f9';
    assert.equal(runAddress(context({ 'System.JobId': job })), `${address}&view=logs&j=${job}`);
    assert.match(runAddress(context({ 'System.TeamProject': undefined })), /contoso\/0a1b2c3d-\S+\/_build/);
  });

  it('is another one for each step, and shown as the address alone', () => {
    const address = runAddress(context());
    const [one, two] = [newHolder(address), newHolder(address)];
    assert.notEqual(one, two);
    assert.deepEqual([one, two].map(shownHolder), [address, address]);
  });

  it('of somebody else is shown as foreign text', () => {
    assert.equal(shownHolder('kubectl of\u0007 anna'), '"kubectl of\\u{7} anna"');
    assert.ok(shownHolder(`https://${'x'.repeat(1000)}#0123456789abcdef`).length < 310);
    assert.match(shownHolder('https://a b#0123456789abcdef'), /^"/);
  });
});
