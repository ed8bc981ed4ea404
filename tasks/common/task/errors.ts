/**
 * A failure that the pipeline's author can mend. Its message is the whole story for them: what was wrong, with the
 * value seen, and what to do. It is shown without a stack trace; every other error counts as a defect of the task.
 */
export class TaskError extends Error {
  override readonly name = 'TaskError';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
