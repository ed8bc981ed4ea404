/** The steps of a pipeline on an agent. */
export { PipelineSteps, type PipelineStepsOptions } from './pipeline-steps.ts';
export { readCatalogue, TaskCatalogue, type Extension } from './task-catalogue.ts';
