import { CommandProcessor } from './command-processor.ts';
import { Restrictions, type RestrictionSettings } from './restrictions.ts';
import type { JobState, StepContext } from './step-context.ts';
import { runStepProcess, type CancelTimes, type ProcessEnd, type StepProcess } from './step-process.ts';
import { worseResult, type StepResult, type TaskResult } from './step-result.ts';
import { Transcript } from './transcript.ts';
import { Variables } from './variables.ts';

export interface StepSettings {
  readonly name: string;
  readonly job: JobState;
  readonly taskVariables?: Variables;
  readonly declaredOutputs?: readonly string[];
  readonly restrictions?: RestrictionSettings | undefined;
}

/** How a step starts its process; what the step adds is left out. */
export interface StepStart extends Pick<StepProcess, 'file' | 'args' | 'cwd' | 'environment'> {
  readonly banner: readonly string[];
  /** What the log says of an exit code that is not 0. */
  readonly failure: (exitCode: number) => string;
}

export interface StepWatch {
  readonly cancel?: AbortSignal | undefined;
  readonly cancelTimes: CancelTimes;
  readonly watchCommandLines?: boolean | undefined;
  /** Called with every raw line before it is acted on. */
  readonly onLine?: ((line: string) => void) | undefined;
  readonly onStart?: ((pid: number) => void) | undefined;
}

/** One run of one step: its process, what it printed, and what came of it. */
export class StepRun implements StepContext {
  readonly name: string;
  readonly job: JobState;
  readonly taskVariables: Variables;
  readonly declaredOutputs: ReadonlySet<string>;
  readonly restrictions: Restrictions;
  readonly transcript: Transcript;
  readonly outputs = new Map<string, string>();
  #result: TaskResult = 'Succeeded';

  constructor({ name, job, taskVariables, declaredOutputs = [], restrictions }: StepSettings) {
    this.name = name;
    this.job = job;
    this.taskVariables = taskVariables ?? new Variables(() => undefined);
    this.declaredOutputs = new Set(declaredOutputs.map((output) => output.toLowerCase()));
    this.restrictions = new Restrictions(restrictions);
    const showsDebug = (): boolean => job.variables.get('System.Debug')?.toLowerCase() === 'true';
    this.transcript = new Transcript(job.masker, showsDebug);
  }

  complete(result: TaskResult): void {
    this.#result = worseResult(this.#result, result);
  }

  async run(start: StepStart, watch: StepWatch): Promise<{ result: StepResult; end: ProcessEnd }> {
    const began = performance.now();
    const raw: string[] = [];
    const processor = new CommandProcessor(this);
    for (const line of start.banner) this.transcript.output(line);
    const end = await runStepProcess({
      ...start,
      cancelTimes: watch.cancelTimes,
      watchCommandLines: watch.watchCommandLines === true,
      ...(watch.cancel && { cancel: watch.cancel }),
      ...(watch.onStart && { onStart: watch.onStart }),
      onLine: (line) => {
        raw.push(line);
        watch.onLine?.(line);
        processor.line(line);
      },
    });
    this.#conclude(start, end);
    const result: StepResult = {
      ...this.#base(),
      rawOutput: raw.map((line) => `${line}\n`).join(''),
      commands: processor.commands,
      exitCode: end.exitCode,
      durationMs: performance.now() - began,
      commandLines: end.commandLines,
      leftProcesses: end.endLeftovers !== undefined,
    };
    return { result, end };
  }

  /** The result of a step whose condition was not met. */
  skip(): StepResult {
    this.#result = 'Skipped';
    const nothing = { rawOutput: '', commands: [], exitCode: undefined, durationMs: 0, commandLines: [] };
    return { ...this.#base(), ...nothing, leftProcesses: false };
  }

  /** Cancelling decides over all: the agent does not look at the exit code of what it cancelled. */
  #conclude(start: StepStart, end: ProcessEnd): void {
    if (end.canceled) {
      this.transcript.issue('error', 'The operation was canceled.');
      this.#result = worseResult('Canceled', this.#result);
    } else if (end.exitCode !== 0) {
      this.transcript.issue('error', start.failure(end.exitCode));
      this.complete('Failed');
    }
  }

  #base(): Pick<StepResult, 'name' | 'result' | 'log' | 'issues' | 'violations' | 'outputs'> {
    const { log, issues, violations } = this.transcript;
    return {
      name: this.name,
      result: this.#result,
      log,
      issues,
      violations,
      outputs: Object.fromEntries(this.outputs),
    };
  }
}
