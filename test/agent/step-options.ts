import type { Condition } from './condition.ts';
import type { StepResult, TaskResult } from './step-result.ts';

export interface StepOptions {
  /** Reference name of the step. Without it the agent makes one of the task's name and a number. */
  readonly name?: string;
  /** `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
  readonly condition?: Condition;
  /** Aborting cancels the step, and with it the job. */
  readonly cancel?: AbortSignal;
  /** Called with every raw line as it comes. */
  readonly onLine?: (line: string) => void;
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
}

export interface JobResult {
  readonly result: TaskResult;
  readonly steps: readonly StepResult[];
  readonly postJobSteps: readonly StepResult[];
}
