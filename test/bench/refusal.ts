import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';

/**
 * The one error of a step that must have failed as users may expect it: a few clear sentences, no stack trace, nothing
 * for the agent to refuse.
 */
export function refusalOf(step: StepResult): string {
  const log = step.log.join('\n');
  assert.equal(step.result, 'Failed', log);
  assert.deepEqual(step.violations, []);
  const errors = step.issues.filter(({ type }) => type === 'error');
  assert.equal(errors.length, 1, log);
  const message = errors[0]?.message ?? '';
  assert.doesNotMatch(log, /^\s+at .*[:(]\d+:\d+\)?$|node:internal/m);
  assert.doesNotMatch(message, /Unexpected error/);
  assert.ok(message.length < 2500, `${message.length} characters`);
  // A deployment tells what is there, whatever stood in its way.
  if (!('diagnosisFile' in step.outputs)) assert.deepEqual(step.outputs, {});
  return message;
}
