import { aliases, type ResourceContext, triggering } from './resource-aliases.ts';
import { thisRun, wholeNumber } from './this-run.ts';

/** The run that built what this one deploys, and the commit that it built. */
export interface BuildingRun {
  readonly projectId: string;
  readonly pipelineId: number;
  readonly runId: number;
  readonly commit: string;
}

/**
 * The run behind the pipeline resource that triggered this run, or behind the only one, as in a run for which a person chose
 * it; this run itself where there is none, or several to choose from. Undefined outside a run, as in a classic release of no
 * build.
 */
export function buildingRun(context: ResourceContext): BuildingRun | undefined {
  if (context.variable('Build.BuildId') === undefined) return undefined;
  const [only, ...others] = aliases(context);
  const alias = triggering(context) ?? (others.length === 0 ? only : undefined);
  const run = thisRun(context);
  if (alias === undefined) {
    const { projectId, pipelineId, runId, commit } = run;
    return { projectId, pipelineId, runId, commit };
  }
  const variable = (name: string): string | undefined => context.variable(`resources.pipeline.${alias}.${name}`);
  const number = (name: string): number => wholeNumber(variable(name) ?? '', `resources.pipeline.${alias}.${name}`);
  return {
    projectId: variable('projectID') ?? run.projectId,
    pipelineId: number('pipelineID'),
    runId: number('runID'),
    commit: variable('sourceCommit') ?? run.commit,
  };
}
