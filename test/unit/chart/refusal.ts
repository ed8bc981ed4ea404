import assert from 'node:assert/strict';
import { TaskError } from '../../../tasks/common/task/outcome.ts';

/** The message of the TaskError that `work` must fail with: short, on one line, no invisible characters. */
export async function refusalOf(work: () => unknown): Promise<string> {
  let message: string | undefined;
  await assert.rejects(
    async () => work(),
    (error) => {
      assert.ok(error instanceof TaskError, `not a TaskError: ${String(error)}`);
      message = error.message;
      return true;
    },
  );
  assert.ok(message !== undefined);
  assert.doesNotMatch(message, /[\p{C}\p{Zl}\p{Zp}]/u);
  assert.ok(message.length < 700, message);
  return message;
}
