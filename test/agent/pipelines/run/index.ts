/** Plays expanded pipelines. */
export { readPipeline } from './read-document.ts';
export { refuseUnplayed } from './preparation.ts';
export { withKnownTexts } from './known-texts.ts';
export { runPipeline } from './pipeline-run.ts';
export { triggeredBy, type FinishedRun } from './triggers.ts';
export { pagesOf } from './record.ts';
export type { PipelineDocument, StageDocument, StepDocument } from './document.ts';
export type { JobRecord, PartRecord, PipelineRecord, RunEvent, StageRecord } from './record.ts';
export type { Counters, PipelineRunOptions } from './run-context.ts';
export type { SourceRepository, StepContext, StepRunner } from './steps.ts';
