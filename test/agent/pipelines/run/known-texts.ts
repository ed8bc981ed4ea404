import type { JobDocument, PipelineDocument, StepDocument } from './document.ts';
import { ownVariables, RunVariables } from './run-variables.ts';

/** How deep variables may name one another here. */
const levels = 5;

/**
 * A pipeline whose inputs and environments have the texts of its own variables, and of those given at queue time, in the place
 * of macros: what a reader of the file knows of it before it runs. Other macros stay.
 */
export function withKnownTexts(pipeline: PipelineDocument, given: Readonly<Record<string, string>>): PipelineDocument {
  const ofRoot = RunVariables.of(given).withTexts(ownVariables(pipeline.variables));
  const stages = pipeline.stages.map((stage) => {
    const ofStage = ofRoot.withTexts(ownVariables(stage.variables));
    return {
      ...stage,
      jobs: stage.jobs.map((job) => known(job, ofStage.withTexts(ownVariables(job.variables)))),
    };
  });
  return { ...pipeline, stages };
}

function known(job: JobDocument, variables: RunVariables): JobDocument {
  const steps = (all: readonly StepDocument[]): StepDocument[] => all.map((step) => knownStep(step, variables));
  if (job.kind === 'job') return { ...job, steps: steps(job.steps) };
  const hooks = job.hooks.map((hook) => ({ ...hook, steps: steps(hook.steps) }));
  return { ...job, environment: variables.expand(job.environment), hooks };
}

function knownStep(step: StepDocument, variables: RunVariables): StepDocument {
  const inputs = Object.entries(step.inputs).map(([name, text]) => {
    let whole = text;
    for (let level = 0; level < levels; level += 1) whole = variables.expand(whole);
    return [name, whole] as const;
  });
  return { ...step, inputs: Object.fromEntries(inputs) };
}
