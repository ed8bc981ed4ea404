import type { NetworkContext } from '../network/index.ts';
import type { JobIdentity } from '../task/connection.ts';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';

/** What of the task's context Azure DevOps is asked with. */
export interface DevOpsContext extends NetworkContext {
  readonly job: JobIdentity;
  variable(name: string): string | undefined;
}

/** The run that this job belongs to. */
export interface RunIdentity {
  readonly organization: string;
  readonly projectId: string;
  readonly pipelineId: number;
  readonly pipelineName: string;
  readonly runId: number;
  readonly runNumber: string;
  /** Such as `refs/heads/main`. */
  readonly branch: string;
  readonly commit: string;
  /** Attempt of this stage, from 1. */
  readonly attempt: number;
}

type VariableContext = Pick<TaskContext, 'variable'>;
type ResourceContext = Pick<TaskContext, 'variable' | 'variableNames'>;

/** @throws TaskError outside a pipeline run, as in a classic release. */
export function thisRun(context: VariableContext): RunIdentity {
  const text = (name: string): string => required(name, context);
  const number = (name: string): number => wholeNumber(text(name), name);
  return {
    organization: collectionUri(context),
    projectId: text('System.TeamProjectId'),
    pipelineId: number('System.DefinitionId'),
    pipelineName: text('Build.DefinitionName'),
    runId: number('Build.BuildId'),
    runNumber: text('Build.BuildNumber'),
    branch: text('Build.SourceBranch'),
    commit: text('Build.SourceVersion'),
    attempt: wholeNumber(context.variable('System.StageAttempt') ?? '1', 'System.StageAttempt'),
  };
}

/** Address of the organisation or collection, with a slash at its end. @throws TaskError outside a pipeline. */
export function collectionUri(context: VariableContext): string {
  const uri = context.variable('System.CollectionUri') ?? required('System.TeamFoundationCollectionUri', context);
  return uri.endsWith('/') ? uri : `${uri}/`;
}

/** @throws TaskError when the text is no whole number from 1. */
export function wholeNumber(text: string, name: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new TaskError(`${name} is '${text}'; it should be a whole number from 1.`);
}

function required(name: string, context: VariableContext): string {
  const value = context.variable(name);
  if (value !== undefined) return value;
  throw new TaskError(
    `The agent gives no ${name}: run this task in a job of an Azure Pipelines run (YAML or classic build).`,
  );
}

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
