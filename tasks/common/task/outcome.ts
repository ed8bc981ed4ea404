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

/** A page in the run's summary. */
export interface SummaryPage {
  /** Its heading; it becomes a file name, so letters, digits, spaces and dashes only. */
  readonly title: string;
  readonly markdown: string;
}

/** How a step that did not throw ends. */
export interface Outcome {
  /** One sentence: the last line of the log, and what the run's page says of the step. */
  readonly message: string;
  /** `SucceededWithIssues` when there is something to look at, `Failed` when a page tells why. Default: `Succeeded`. */
  readonly result?: 'Succeeded' | 'SucceededWithIssues' | 'Failed';
  readonly summary?: SummaryPage;
}

/**
 * Why a step stops that nobody wants any more: the reason of its signal. No TaskError, or code that goes on after one would
 * go on after this.
 */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}
