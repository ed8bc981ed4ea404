import type { LoggingCommand } from './logging-command.ts';
import type { SecretMasker } from './masking.ts';
import type { Restrictions } from './restrictions.ts';
import type { RunRecord } from './run-record.ts';
import type { TaskResult } from './step-result.ts';
import type { Transcript } from './transcript.ts';
import type { Variables } from './variables.ts';

/** What the steps of a job share. */
export interface JobState {
  readonly variables: Variables;
  readonly masker: SecretMasker;
  /** Values of `task.setsecret`, for the audits. */
  readonly declaredSecrets: Set<string>;
  /** In the order they came; the latest goes first on PATH. */
  readonly prependedPaths: string[];
  readonly record: RunRecord;
  readonly artifactsFolder: string;
}

/** What a logging command may act on. */
export interface StepContext {
  readonly name: string;
  readonly job: JobState;
  readonly taskVariables: Variables;
  /** `outputVariables` of task.json, lower case: setting one of these is always an output. */
  readonly declaredOutputs: ReadonlySet<string>;
  readonly restrictions: Restrictions;
  readonly transcript: Transcript;
  readonly outputs: Map<string, string>;
  /** Merges a result that a command asked for. */
  complete(result: TaskResult): void;
}

/** Carries out one command. What it throws fails the step, as in the real agent. */
export type CommandEffect = (command: LoggingCommand, step: StepContext) => void;

export type CommandTable = Readonly<Record<string, CommandEffect>>;

/** A property that the command cannot do without. */
export function requiredProperty({ area, event, properties }: LoggingCommand, name: string): string {
  const value = properties[name];
  if (value === undefined) throw new Error(`Required field '${name}' is missing in ##vso[${area}.${event}] command.`);
  return value;
}
