/** Plays expanded pipelines. */
export { readPipeline } from './read-document.ts';
export { runPipeline } from './pipeline-run.ts';
export { triggeredBy, type FinishedRun } from './triggers.ts';
export type { PipelineDocument, StageDocument, StepDocument } from './document.ts';
export { pagesOf } from './record.ts';
export type { JobRecord, PartRecord, PipelineRecord, RunEvent, StageRecord } from './record.ts';
export type { Counters, PipelineRunOptions } from './run-context.ts';
export type { SourceRepository, StepContext, StepRunner } from './steps.ts';
