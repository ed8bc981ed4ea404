import type { Job } from '../job.ts';
import type { StepContext } from '../pipelines/run/steps.ts';
import type { StepOptions } from '../step-options.ts';
import type { StepResult } from '../step-result.ts';
import type { StepInputs } from './step-inputs.ts';

/** A step that is about to be played. */
export interface PlayedStep {
  /** Their macros are replaced. */
  readonly inputs: StepInputs;
  /** What the pipeline says of the step beside its inputs; its reference name at least. */
  readonly options: StepOptions & { readonly name: string };
  readonly context: StepContext;
}

/** A task of the service's own that is played here. */
export interface StepKind {
  /** Name and version, as a pipeline writes them: `Bash@3`. */
  readonly title: string;
  /** GUID of the task, in lower case; some shortcuts of the service have a task of their own. */
  readonly ids: readonly string[];
  /** Inputs and aliases that are played, or that change nothing here, with spaces between. All others are refused. */
  readonly inputs: string;
  /** What of the inputs' values is not played. Macros in them are not replaced yet. */
  readonly unplayed?: (inputs: StepInputs) => string | undefined;
  /** Runs the step. Throws PipelineError for what the server would refuse. */
  readonly run: (job: Job, step: PlayedStep) => Promise<StepResult>;
}
