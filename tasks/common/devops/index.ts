export { requiredApproval, type Approver } from './approval.ts';
export { PipelineRuns, type RunRecord } from './runs.ts';
export { buildingRun, type BuildingRun } from './building-run.ts';
export { pipelineResource, type PipelineResource } from './pipeline-resource.ts';
export { thisRun, wholeNumber, type RunIdentity } from './this-run.ts';
