import type { LoggingCommand } from './logging-command.ts';

const results = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped', 'Abandoned'] as const;

export type TaskResult = (typeof results)[number];

export interface Issue {
  readonly type: 'error' | 'warning';
  /** Masked, as the run's summary shows it. */
  readonly message: string;
}

/** What is known of a step after it ended. */
export interface StepResult {
  /** Reference name: `name:` in the pipeline. */
  readonly name: string;
  readonly displayName: string;
  readonly result: TaskResult;
  /** Masked lines as the user reads them. */
  readonly log: readonly string[];
  /** Every line the process wrote to stdout or stderr, unmasked, in the order of arrival. */
  readonly rawOutput: string;
  readonly commands: readonly LoggingCommand[];
  readonly issues: readonly Issue[];
  /** What the agent refused, could not read, or only warned about. A sound task leaves none. */
  readonly violations: readonly string[];
  /** Output variables of this step, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** undefined for a step that did not start */
  readonly exitCode: number | undefined;
  readonly durationMs: number;
  /** Command lines of the process and all it started (Linux), when the step asked to watch them. */
  readonly commandLines: readonly string[];
  /** The process ended, but something it had started still ran. */
  readonly leftProcesses: boolean;
}

/** Reads a result of `task.complete`. The real agent wants the exact case. */
export function parseTaskResult(text: string | undefined): TaskResult | undefined {
  return results.find((result) => result === text);
}

/** The worse of both; what is canceled, skipped or abandoned stays so. */
export function worseResult(current: TaskResult, next: TaskResult): TaskResult {
  const rank = results.indexOf(current);
  return rank > results.indexOf('Failed') || rank > results.indexOf(next) ? current : next;
}
