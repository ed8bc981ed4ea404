import { TaskError } from '../task/outcome.ts';
import { aliases, type ResourceContext, triggering } from './resource-aliases.ts';
import { wholeNumber } from './this-run.ts';

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
