export { PipelineRuns, type RunRecord } from './runs.ts';
export { pipelineResource, thisRun, wholeNumber, type PipelineResource, type RunIdentity } from './this-run.ts';
