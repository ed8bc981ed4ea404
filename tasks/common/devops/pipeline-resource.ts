import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { thisRun, wholeNumber } from './this-run.ts';

type ResourceContext = Pick<TaskContext, 'variable' | 'variableNames'>;

/** A run of another pipeline, as `resources.pipelines` in the YAML file brings it to this run. */
export interface PipelineResource {
  readonly alias: string;
  readonly projectId: string;
  readonly runId: number;
}

/**
 * The run behind a pipeline resource: the one with this alias, else the one that triggered this run, else the only one.
 * @throws TaskError when there is none, or several to choose from.
 */
export function pipelineResource(alias: string | undefined, context: ResourceContext): PipelineResource {
  const chosen = alias ?? triggering(context) ?? onlyResource(context);
  // The alias becomes a folder's name.
  if (!/^\w[\w.-]*$/.test(chosen))
    throw new TaskError(`Input pipeline is '${chosen}', which is no alias of a pipeline resource.`);
  const runId = context.variable(`resources.pipeline.${chosen}.runID`);
  const projectId =
    context.variable(`resources.pipeline.${chosen}.projectID`) ?? context.variable('System.TeamProjectId');
  if (runId === undefined || projectId === undefined) {
    throw new TaskError(
      `There is no pipeline resource '${chosen}' in this run (${known(context)}). ` +
        "Input pipeline takes the alias: what stands after '- pipeline:' under resources.pipelines.",
    );
  }
  return { alias: chosen, projectId, runId: wholeNumber(runId, `resources.pipeline.${chosen}.runID`) };
}

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
  const { projectId, pipelineId, runId, commit } = thisRun(context);
  if (alias === undefined) return { projectId, pipelineId, runId, commit };
  const variable = (name: string): string | undefined => context.variable(`resources.pipeline.${alias}.${name}`);
  const number = (name: string): number => wholeNumber(variable(name) ?? '', `resources.pipeline.${alias}.${name}`);
  return {
    projectId: variable('projectID') ?? projectId,
    pipelineId: number('pipelineID'),
    runId: number('runID'),
    commit: variable('sourceCommit') ?? commit,
  };
}

/**
 * The pipeline resource that triggered this run. A container, a webhook, a package or a repository may have done so, too,
 * whose alias stands in the same variable.
 */
function triggering(context: ResourceContext): string | undefined {
  const alias = context.variable('Resources.TriggeringAlias');
  const category = context.variable('Resources.TriggeringCategory')?.toLowerCase();
  if (alias === undefined || (category !== undefined && category !== 'pipeline')) return undefined;
  return category === 'pipeline' || aliases(context).some((one) => one.toLowerCase() === alias.toLowerCase())
    ? alias
    : undefined;
}

function onlyResource(context: ResourceContext): string {
  const [only, ...others] = aliases(context);
  if (only !== undefined && others.length === 0) return only;
  throw new TaskError(
    `No pipeline resource triggered this run, and input pipeline is empty (${known(context)}). ` +
      'Give input pipeline the alias of the CI pipeline, or input runId a run.',
  );
}

function known(context: ResourceContext): string {
  const names = aliases(context);
  return names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
}

function aliases(context: ResourceContext): string[] {
  return context
    .variableNames()
    .map((name) => /^resources\.pipeline\.(.+)\.runid$/i.exec(name)?.[1])
    .filter((alias) => alias !== undefined);
}
