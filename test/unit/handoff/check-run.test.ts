import assert from 'node:assert/strict';
import { checkRecord } from '../../../tasks/common/handoff/index.ts';

const record = {
  id: 703,
  number: '20260105.1',
  projectId: 'p',
  pipelineId: 12,
  branch: 'refs/heads/main',
  commit: 'abc',
  outcome: 'succeeded',
};
const allows = (branch: string, ...patterns: string[]): boolean => {
  try {
    checkRecord({ ...record, branch }, patterns);
    return true;
  } catch {
    return false;
  }
};

describe('branches that may be deployed', () => {
  it('are named in full or in short', () => {
    assert.ok(allows('refs/heads/main', 'refs/heads/main'));
    assert.ok(allows('refs/heads/main', 'other', 'main'));
    assert.ok(!allows('refs/heads/main', 'refs/heads/Main'));
    assert.ok(!allows('refs/heads/main2', 'main'));
    assert.ok(!allows('refs/heads/x/main', 'main'));
  });

  it('are named by patterns, in which an asterisk alone has a meaning', () => {
    assert.ok(allows('refs/heads/release/1.2/fix', 'release/*'));
    assert.ok(!allows('refs/heads/releases', 'release/*'));
    assert.ok(!allows('refs/heads/release-1x2', 'release-1.2'));
    assert.ok(allows('refs/tags/v1', 'refs/tags/v*'));
    assert.ok(!allows('refs/pull/7/merge', 'refs/heads/*'));
    assert.ok(allows('refs/pull/7/merge', '*'));
    assert.ok(!allows('refs/heads/main'));
  });
});
