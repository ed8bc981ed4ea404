import assert from 'node:assert/strict';
import { issuesOf } from '../../../tasks/common/diagnosis/issues.ts';
import { finding, hostile } from './reports.ts';

const missing = finding('image-not-found', 'image', { what: 'No such tag', fix: 'Push the image.' });
const used = finding('quota-exceeded', 'admission', { what: 'The quota is used up.', fix: 'Raise it' });

describe('The errors of a step that failed', () => {
  it('say what is wrong and what to do, one for each cause', () => {
    assert.deepEqual(issuesOf([missing, used]), ['No such tag. Push the image.', 'The quota is used up. Raise it.']);
  });

  it('are no more than the agent keeps, with one that says how the step ended', () => {
    const findings = Array.from({ length: 30 }, () => missing);
    const issues = issuesOf(findings);
    assert.equal(issues.length, 9);
    assert.equal(issues.at(-1), "And 22 more causes, on the page in the run's summary.");
  });

  it('are one line each, bounded, whatever the cluster says', () => {
    const bad = { ...missing, what: hostile.repeat(100), fix: hostile };
    const issues = issuesOf([bad]);
    assert.equal(issues.length, 1);
    for (const issue of issues) {
      assert.ok(issue.length <= 701);
      assert.doesNotMatch(issue, /\n|##vso\[|##\[|\p{Cc}|\u202e/u);
    }
  });
});
