export { PipelineRuns, type RunRecord } from './pipeline-runs.ts';
export { pipelineResource, type PipelineResource } from './pipeline-resource.ts';
export { thisRun, wholeNumber, type RunIdentity } from './run-identity.ts';
