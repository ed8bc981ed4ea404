import { setTimeout as wait } from 'node:timers/promises';
import { conditionHolds } from './condition.ts';
import type { StepOptions } from './step-options.ts';
import type { StepRun, StepWatch, StepWork } from './step-run.ts';
import type { TaskResult } from './step-result.ts';

/** What of the job decides when its step runs. */
export interface StepJob extends Pick<StepWatch, 'cancelTimes' | 'kill'> {
  /** The job's result so far. */
  readonly status: () => TaskResult;
  /** The job is cancelled from now on. */
  readonly cancelJob: () => void;
  /** Milliseconds before the retry of this number, from 1. */
  readonly retryWait: (retry: number) => number;
}

/** The agent takes no more (RetryHelper.MaxRetryLimit). */
const mostRetries = 10;
/** What a timer can wait at most. */
const longestTimer = 2 ** 31 - 1;
const timedOut = Symbol('the time of the step is up');

/**
 * Runs a step if its condition holds, by the rules of the agent's StepsRunner: retries, a time limit of its own, and a job
 * that is cancelled meanwhile, which asks the condition again.
 */
export async function runScheduled(run: StepRun, work: StepWork, options: StepOptions, job: StepJob): Promise<void> {
  if (options.cancelJob?.aborted === true) job.cancelJob();
  if (job.kill.aborted || !conditionNow(run, options, job)) {
    if (run.result !== 'Failed') run.settle('Skipped');
    return;
  }
  const stop = new AbortController();
  const onCancel = (): void => stop.abort();
  const onCancelJob = (): void => {
    job.cancelJob();
    if (conditionNow(run, options, job)) return;
    run.transcript.issue('error', 'The Operation will be canceled. The next steps may not contain expected logs.');
    stop.abort();
  };
  job.kill.addEventListener('abort', onCancel);
  options.cancel?.addEventListener('abort', onCancel);
  options.cancelJob?.addEventListener('abort', onCancelJob);
  if (options.cancel?.aborted === true) stop.abort();
  const limit = Math.min(options.timeout ?? 0, longestTimer);
  const timer = limit > 0 ? setTimeout(() => stop.abort(timedOut), limit) : undefined;
  try {
    const { cancelTimes, kill } = job;
    const watch = { ...options, cancel: stop.signal, kill, cancelTimes };
    if (await attempts(run, work, watch, job)) concludeCutOff(run, stop.signal);
  } finally {
    clearTimeout(timer);
    job.kill.removeEventListener('abort', onCancel);
    options.cancel?.removeEventListener('abort', onCancel);
    options.cancelJob?.removeEventListener('abort', onCancelJob);
  }
  if (run.result === 'Failed' && options.continueOnError === true) run.settle('SucceededWithIssues');
}

/** A condition that cannot be worked out fails the step. */
function conditionNow(run: StepRun, { condition = 'succeeded()' }: StepOptions, job: StepJob): boolean {
  try {
    return conditionHolds(condition, job.status());
  } catch (error) {
    run.fail(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Gives whether the last attempt was cut off. */
async function attempts(
  run: StepRun,
  work: StepWork,
  watch: StepWatch & Pick<StepOptions, 'retries'>,
  job: StepJob,
): Promise<boolean> {
  const most = Math.min(watch.retries ?? 0, mostRetries);
  for (let retry = 1; ; retry += 1) {
    const { cutOff } = await run.attempt(work, watch);
    if (cutOff || run.result !== 'Failed' || retry > most) return cutOff;
    const pause = job.retryWait(retry);
    run.transcript.issue(
      'warning',
      `RetryHelper encountered task failure, will retry (attempt #: ${retry} out of ${most}) after ${pause} ms`,
    );
    run.settle('Succeeded');
    if (!(await waited(pause, watch.cancel))) return true;
  }
}

async function waited(milliseconds: number, cancel: AbortSignal): Promise<boolean> {
  try {
    await wait(milliseconds, undefined, { signal: cancel });
    return true;
  } catch {
    return false;
  }
}

function concludeCutOff(run: StepRun, { reason }: AbortSignal): void {
  if (reason === timedOut) {
    run.fail('The task has timed out.');
  } else {
    run.transcript.issue('error', 'The operation was canceled.');
    run.settle('Canceled');
  }
}
