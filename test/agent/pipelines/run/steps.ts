import type { Job } from '../../job.ts';
import type { StepResult } from '../../step-result.ts';
import type { StepDocument } from './document.ts';
import type { ConsumedRun, RunIdentity, RunService } from './service.ts';

/** A repository of the run. */
export interface SourceRepository {
  /** `self`, or the name under `resources.repositories`. */
  readonly alias: string;
  /** Name as the service knows it, which is the name of its folder where several are checked out. */
  readonly name: string;
  /** A folder with the sources, with or without `.git`. */
  readonly folder: string;
}

/** What a step may need of the run around its job. */
export interface StepContext {
  readonly run: RunIdentity;
  readonly service: RunService;
  /** By alias; an artifact of `current` is one of `run`. */
  readonly consumedRuns: ReadonlyMap<string, ConsumedRun>;
  /** The pipeline's own one first. */
  readonly repositories: readonly SourceRepository[];
  /** Steps of the same job (or hook) with a `checkout` of sources: two or more give each a folder of its own. */
  readonly checkouts: number;
  /**
   * Works out a step's condition by the job's present status and variables. Without one it is `succeeded()`. Throws
   * ExpressionError for what cannot be worked out: the step fails then.
   */
  readonly holds: (condition: string | undefined) => boolean;
  /**
   * Aborted when the run is cancelled or the job's time is up. The job's status is Canceled from then on, and only a step whose
   * condition no longer holds is cancelled, as in the agent: an `always()` step goes on, or runs afterwards.
   */
  readonly cancel: AbortSignal;
  /** Aborted when a cancelled job has no time left: every step ends then, whatever its condition. */
  readonly giveUp: AbortSignal;
  /** Called with every line of the log as it comes, masked as people see it. */
  readonly onLine: (line: string) => void;
}

/** Runs the steps of a pipeline, whatever they are. */
export interface StepRunner {
  /** What of the step is not played, for people; undefined when all of it is. Asked of every step before a run begins. */
  unplayed(step: StepDocument): string | undefined;
  /**
   * Runs one step, or skips it by its condition or `enabled`, and lets the job know its result. Post-job steps run in
   * `job.finish()`. Throws PipelineError for what the server would refuse.
   */
  run(job: Job, step: StepDocument, context: StepContext): Promise<StepResult>;
}
