import type { CancelTimes } from './canceller.ts';
import { CommandProcessor } from './command-processor.ts';
import { Restrictions, type RestrictionSettings } from './restrictions.ts';
import type { JobState, StepContext } from './step-context.ts';
import { runStepProcess, type ProcessEnd, type StepProcess } from './step-process.ts';
import { worseResult, type StepResult, type TaskResult } from './step-result.ts';
import { Transcript } from './transcript.ts';
import { Variables } from './variables.ts';

export interface StepSettings {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly job: JobState;
  readonly taskVariables?: Variables;
  readonly declaredOutputs?: readonly string[];
  readonly restrictions?: readonly (RestrictionSettings | undefined)[];
  readonly onLog?: ((line: string) => void) | undefined;
}

/** How a step starts its process; what the step adds is left out. */
export interface StepStart extends Pick<StepProcess, 'file' | 'args' | 'cwd' | 'environment' | 'interruptSignal'> {
  readonly banner: readonly string[];
  /** What the log says of an exit code that is not 0. */
  readonly failure: (exitCode: number) => string;
  /** What the log says, as an error, when the process wrote to stderr; without it that is no error. */
  readonly stderrFailure?: string;
}

/**
 * What a step does: it starts a process, which is told of the job as it is then, or the agent acts itself.
 */
export type StepWork = (() => StepStart) | { readonly act: (step: StepContext, cancel: AbortSignal) => Promise<void> };

export interface StepWatch {
  /** Aborted to cut the work off. */
  readonly cancel: AbortSignal;
  /** Aborted to end it without any waiting. */
  readonly kill: AbortSignal;
  readonly cancelTimes: CancelTimes;
  readonly watchCommandLines?: boolean | undefined;
  /** Called with every raw line before it is acted on. */
  readonly onLine?: ((line: string) => void) | undefined;
  readonly onStart?: ((pid: number) => void) | undefined;
}

/** One step: its work, what it printed, and what came of it. */
export class StepRun implements StepContext {
  readonly name: string;
  readonly job: JobState;
  readonly taskVariables: Variables;
  readonly declaredOutputs: ReadonlySet<string>;
  readonly restrictions: Restrictions;
  readonly transcript: Transcript;
  readonly outputs = new Map<string, string>();
  readonly #displayName: string;
  readonly #raw: string[] = [];
  readonly #processor: CommandProcessor;
  readonly #began = performance.now();
  readonly #commandLines: string[] = [];
  readonly #leftovers: (() => void)[] = [];
  #end: ProcessEnd | undefined;
  #result: TaskResult = 'Succeeded';

  constructor({ name, displayName, job, onLog, ...settings }: StepSettings) {
    this.name = name;
    this.job = job;
    this.#displayName = displayName ?? name;
    this.taskVariables = settings.taskVariables ?? new Variables(() => undefined);
    this.declaredOutputs = new Set(settings.declaredOutputs?.map((output) => output.toLowerCase()));
    this.restrictions = new Restrictions(...(settings.restrictions ?? []));
    const showsDebug = (): boolean => job.variables.get('System.Debug')?.toLowerCase() === 'true';
    this.transcript = new Transcript(job.masker, showsDebug, onLog ?? (() => undefined));
    this.#processor = new CommandProcessor(this);
  }

  get result(): TaskResult {
    return this.#result;
  }

  complete(result: TaskResult): void {
    this.#result = worseResult(this.#result, result);
  }

  /** Sets a result that does not come of the work: the step was skipped or cut off, or a failure does not count. */
  settle(result: TaskResult): void {
    this.#result = result;
  }

  /** An error of the agent about the step, which has failed then. */
  fail(message: string): void {
    this.transcript.issue('error', message);
    this.complete('Failed');
  }

  /** Does the work once. Gives whether it was cut off, which decides over all: its exit code is not looked at then. */
  async attempt(work: StepWork, watch: StepWatch): Promise<{ readonly cutOff: boolean }> {
    if ('act' in work) return this.#act(work.act, watch.cancel);
    try {
      return await this.#process(work(), watch);
    } catch (error) {
      // The process could not be started.
      this.fail(error instanceof Error ? error.message : String(error));
      return { cutOff: false };
    }
  }

  async #process(start: StepStart, watch: StepWatch): Promise<{ readonly cutOff: boolean }> {
    for (const line of start.banner) this.transcript.output(line);
    const end = await runStepProcess({
      ...start,
      cancel: watch.cancel,
      kill: watch.kill,
      cancelTimes: watch.cancelTimes,
      watchCommandLines: watch.watchCommandLines === true,
      ...(watch.onStart && { onStart: watch.onStart }),
      onLine: (line) => {
        this.#raw.push(line);
        watch.onLine?.(line);
        this.#processor.line(line);
      },
    });
    this.#end = end;
    this.#commandLines.push(...end.commandLines);
    if (end.endLeftovers !== undefined) this.#leftovers.push(end.endLeftovers);
    if (end.canceled) return { cutOff: true };
    if (end.exitCode !== 0) this.fail(start.failure(end.exitCode));
    if (end.wroteToStderr && start.stderrFailure !== undefined) this.fail(start.stderrFailure);
    return { cutOff: false };
  }

  /** Each ends what a process of the step left running. */
  get leftovers(): readonly (() => void)[] {
    return this.#leftovers;
  }

  /** What came of the step. */
  outcome(): StepResult {
    const { log, issues, violations } = this.transcript;
    return {
      name: this.name,
      displayName: this.job.masker.mask(this.#displayName),
      result: this.#result,
      log,
      issues,
      violations,
      outputs: Object.fromEntries(this.outputs),
      rawOutput: this.#raw.map((line) => `${line}\n`).join(''),
      commands: this.#processor.commands,
      exitCode: this.#end?.exitCode,
      durationMs: this.#result === 'Skipped' ? 0 : performance.now() - this.#began,
      commandLines: this.#commandLines,
      leftProcesses: this.#leftovers.length > 0,
    };
  }

  async #act(
    act: (step: StepContext, cancel: AbortSignal) => Promise<void>,
    cancel: AbortSignal,
  ): Promise<{ readonly cutOff: boolean }> {
    try {
      await act(this, cancel);
    } catch (error) {
      if (!cancel.aborted) this.fail(error instanceof Error ? error.message : String(error));
    }
    return { cutOff: cancel.aborted };
  }
}
