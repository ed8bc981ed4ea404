import type { NetworkContext } from '../network/index.ts';
import type { JobIdentity } from '../task/connection.ts';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

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

/**
 * What is read of it is asked of the agent then: a step that needs the project alone runs where there is no branch.
 * Reading throws a TaskError for what the agent does not give, as in a classic release.
 */
export function thisRun(context: VariableContext): RunIdentity {
  const text = (name: string): string => required(name, context);
  const number = (name: string): number => wholeNumber(text(name), name);
  return {
    get organization() {
      return collectionUri(context);
    },
    get projectId() {
      return text('System.TeamProjectId');
    },
    get pipelineId() {
      return number('System.DefinitionId');
    },
    get pipelineName() {
      return text('Build.DefinitionName');
    },
    get runId() {
      return number('Build.BuildId');
    },
    get runNumber() {
      return text('Build.BuildNumber');
    },
    get branch() {
      return text('Build.SourceBranch');
    },
    get commit() {
      return text('Build.SourceVersion');
    },
    get attempt() {
      return wholeNumber(context.variable('System.StageAttempt') ?? '1', 'System.StageAttempt');
    },
  };
}

/** Address of the organisation or collection, with a slash at its end. @throws TaskError outside a pipeline, and for no address */
export function collectionUri(context: VariableContext): string {
  const uri = context.variable('System.CollectionUri') ?? required('System.TeamFoundationCollectionUri', context);
  if (!URL.canParse(uri)) throw new TaskError(`System.CollectionUri is '${visible(uri)}'; it should be an address.`);
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
