import { NotSupported, Refused } from '../yaml/refusal.ts';
import { ExpressionError } from '../expressions/value.ts';
import type { JobDocument, PipelineDocument, StageDocument, StepDocument } from './document.ts';
import { stageOrder } from './graph.ts';
import { titleOf } from './implied-steps.ts';
import type { PipelineRunOptions } from './run-context.ts';
import { declaredVariables, type RunVariables } from './run-variables.ts';
import type { RunIdentity, RunService } from './service.ts';
import { environmentsOf } from './stage-play.ts';
import type { StepRunner } from './steps.ts';

/**
 * What must hold before a run begins. Throws Refused in the service's words, or NotSupported for everything that is not
 * played, by its name: nothing of the pipeline has run then.
 */
export function checkBeforehand(options: PipelineRunOptions): void {
  const { pipeline, service, startedByHand = [] } = options;
  const stages = stageOrder(pipeline.stages);
  const places = [pipeline, ...stages, ...stages.flatMap(({ jobs }) => jobs)];
  for (const { variables } of places) declaredVariables(variables, (name) => service.variableGroup(name));
  const missing = startedByHand.find((name) => !stages.some((stage) => stage.name === name && stage.isManual));
  if (missing !== undefined)
    throw new NotSupported(`starting '${missing}' by hand, which is no stage with trigger: manual`);
  refuseUnplayed(pipeline, options.steps);
}

/** Throws NotSupported for steps that are not played: all at once, so that nobody mends one and then meets the next. */
export function refuseUnplayed(pipeline: PipelineDocument, steps: StepRunner): void {
  const reasons = pipeline.stages.flatMap(({ jobs }) =>
    jobs.flatMap((job) =>
      stepsOf(job).flatMap((step) => {
        const reason = steps.unplayed(step);
        return reason === undefined ? [] : [`${reason} (step '${titleOf(step)}' of job '${job.name}')`];
      }),
    ),
  );
  if (reasons.length > 0) throw new NotSupported([...new Set(reasons)].join('; '));
}

function stepsOf(job: JobDocument): readonly StepDocument[] {
  return job.kind === 'job' ? job.steps : job.hooks.flatMap(({ steps }) => steps);
}

/**
 * The service knows the environments before a run: it makes none for a run that nobody watches. Their names may hold
 * variables of the file, but nothing that only a run works out.
 */
export function checkEnvironments(
  stages: readonly StageDocument[],
  variables: RunVariables,
  { service, queued }: Pick<PipelineRunOptions, 'service' | 'queued'>,
): void {
  const complaints = stages.flatMap((stage) => {
    const declared = declaredVariables(stage.variables, (name) => service.variableGroup(name));
    const named = environmentsOf(stage, variables.withTexts(declared));
    return named.flatMap(({ job, name }) =>
      service.hasEnvironment(name, queued.pipeline) ? [] : [missingEnvironment(job, name)],
    );
  });
  if (complaints.length > 0) throw new Refused(complaints);
}

function missingEnvironment(job: string, name: string): string {
  const cause = `Environment ${name} could not be found.`;
  return `Job ${job}: ${cause} The environment does not exist or has not been authorized for use.`;
}

/** A variable of the root that cannot be worked out fails the run as soon as it is queued: before, it has no number. */
export function orRefused<T>(run: RunIdentity, service: RunService, work: () => T): T {
  try {
    return work();
  } catch (error) {
    service.complete(run, 'Failed');
    throw error instanceof ExpressionError ? new Refused([error.message]) : error;
  }
}
