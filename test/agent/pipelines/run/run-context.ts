import type { PipelineDocument, StageDocument } from './document.ts';
import type { EndedStage } from './dependencies.ts';
import type { Vertex } from './graph.ts';
import type { RunEvent } from './record.ts';
import type { RunVariables } from './run-variables.ts';
import type { ConsumedRun, QueuedRun, RunIdentity, RunService } from './service.ts';
import type { SourceRepository, StepRunner } from './steps.ts';

/** The next number of each prefix of `counter`, which a pipeline keeps over its runs. */
export type Counters = Map<string, number>;

/** A run that somebody or something asks for. */
export interface PipelineRunOptions {
  readonly pipeline: PipelineDocument;
  readonly queued: QueuedRun;
  readonly service: RunService;
  readonly steps: StepRunner;
  /** The pipeline's own one first. */
  readonly repositories: readonly SourceRepository[];
  /** Values given at queue time; a variable that the file has wins. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Runs of other pipelines by alias, as a trigger or the picker of resources chose them; without one it is the latest. */
  readonly consumedRuns?: ReadonlyMap<string, ConsumedRun>;
  /** The alias whose run triggered this one. */
  readonly triggeringAlias?: string;
  /** Stages with `trigger: manual` that somebody starts. */
  readonly startedByHand?: readonly string[];
  readonly counters?: Counters;
  /** Aborting is cancelling the run. */
  readonly cancel?: AbortSignal;
  readonly listener?: (event: RunEvent) => void;
}

/** What the stages and jobs of one run share. */
export interface RunContext extends Pick<PipelineRunOptions, 'service' | 'steps' | 'repositories'> {
  readonly run: RunIdentity;
  readonly pipeline: PipelineDocument;
  readonly stages: readonly (StageDocument & Vertex)[];
  readonly startedByHand: readonly string[];
  /** Those of the root, worked out, with those of the run. */
  readonly variables: RunVariables;
  readonly consumedRuns: ReadonlyMap<string, ConsumedRun>;
  readonly counters: Counters;
  readonly cancel: AbortSignal;
  readonly tell: (event: RunEvent) => void;
  /** Stages that are over, by name. */
  readonly ended: Map<string, EndedStage>;
  /** The run's number, which a step may change for the jobs after its own. */
  readonly numbering: { current: string };
}
