import type { Condition } from './condition.ts';
import type { RestrictionSettings } from './restrictions.ts';
import type { StepContext } from './step-context.ts';
import type { StepResult, TaskResult } from './step-result.ts';

export interface StepOptions {
  /** Reference name of the step. Without it the agent makes one of the task's name and a number. */
  readonly name?: string;
  /** `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
  /** With macros; without it the step's reference name. */
  readonly displayName?: string;
  /** A function works out any other condition, each time it is asked; when it throws, the step fails. */
  readonly condition?: Condition | (() => boolean);
  /** A failure becomes SucceededWithIssues. */
  readonly continueOnError?: boolean;
  /** Milliseconds after which the step is cancelled and has failed; 0 is no limit. */
  readonly timeout?: number;
  /** How often the step begins again after a failure; the agent takes 10 at most. */
  readonly retries?: number;
  /** What the step's `target` forbids it, beside what the task forbids itself. */
  readonly restrictions?: RestrictionSettings;
  /** Aborting cancels the step, and with it the job. */
  readonly cancel?: AbortSignal;
  /**
   * Aborting cancels the job, and with it the step, unless its condition holds for a cancelled job, too. Aborted before,
   * only such a step runs.
   */
  readonly cancelJob?: AbortSignal;
  /**
   * Aborting kills the job, as the agent kills its worker when a cancelled job takes too long: the step ends without any
   * waiting, and no other step runs, no post-job step either.
   */
  readonly killJob?: AbortSignal;
  /** Called with every raw line as it comes. */
  readonly onLine?: (line: string) => void;
  /** Called with every line of the log as it comes, masked, also of the task's post-job step. */
  readonly onLog?: (line: string) => void;
  /** Called with the id of the step's process, which leads a group of its own. */
  readonly onStart?: (pid: number) => void;
  /** Collect the command lines of the step's processes (Linux). */
  readonly watchCommandLines?: boolean;
}

export interface TaskOptions extends StepOptions {
  /** Folder of the built task. */
  readonly task: string;
  /** By name or alias; service connections by their name. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Path of the node binary; that of this process without it. */
  readonly node?: string;
}

export interface ScriptOptions extends StepOptions {
  readonly script: string;
  /** What runs the script; bash without it. */
  readonly shell?: 'bash' | 'pwsh';
  /** With macros, from the sources; System.DefaultWorkingDirectory without it. */
  readonly workingDirectory?: string;
  /** The step fails when the script writes to stderr. */
  readonly failOnStderr?: boolean;
}

/** A step whose work the agent does itself, as its plug-ins do. */
export interface ActionOptions extends StepOptions {
  readonly name: string;
  /** What it throws is the step's error. It may stop when `cancel` is aborted; its result counts no more then. */
  readonly act: (step: StepContext, cancel: AbortSignal) => Promise<void>;
}

export interface JobResult {
  readonly result: TaskResult;
  readonly steps: readonly StepResult[];
  readonly postJobSteps: readonly StepResult[];
}
