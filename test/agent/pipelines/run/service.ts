import type { JobOptions } from '../../job-setup.ts';
import type { LockBehavior } from './document.ts';

// What a run needs of Azure DevOps. The runner knows this interface alone; test/azure/devops plays it, and tests may give
// a small one of their own.

/** A template that a run extends. */
export interface RunTemplate {
  /** Of its repository: `git`, `github`, `githubenterprise` or `bitbucket`. */
  readonly type: string;
  /** Name of its repository. */
  readonly repository: string;
  /** A full name. */
  readonly ref: string;
  /** Within the repository, with `/` in front. */
  readonly path: string;
}

/** What checks see of the repositories of a run, beside its own branch. */
export interface RunSources {
  /** Full refs of the repository resources. */
  readonly refs: readonly string[];
  readonly extended?: RunTemplate;
}

/** A run as it is queued. */
export interface QueuedRun {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** A full name, `refs/heads/main`. */
  readonly branch: string;
  readonly commit: string;
  /** `Manual`, `IndividualCI` or `ResourceTrigger`. */
  readonly reason: string;
  /** Display name of whoever queued it. */
  readonly requestedFor: string;
  /** The pipeline's `name:`, the form of the number; its own variables are replaced, `$(Date:yyyyMMdd)` and `$(Rev:r)` are not. */
  readonly numberForm?: string;
  /** The runner tells them, by what the pipeline says. */
  readonly sources?: RunSources;
}

/** What the server gives a queued run. */
export interface RunIdentity {
  readonly id: number;
  /** `20260105.3`, or by the pipeline's `name:`. */
  readonly number: string;
  /** Variables of every job: `Build.BuildId`, `System.TeamProjectId`, `System.OidcRequestUri`, ... */
  readonly variables: Readonly<Record<string, string>>;
}

export interface VariableGroup {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** A stage that is about to start, with the protected resources that its jobs name. */
export interface CheckedStage {
  readonly run: RunIdentity;
  readonly stage: string;
  readonly attempt: number;
  /** Names of Azure DevOps environments. */
  readonly environments: readonly string[];
  /** Of the stage, else of the pipeline; undefined: `runLatest`. */
  readonly lockBehavior?: LockBehavior;
  /** The stage itself has one, which locks it even without the check of an environment. */
  readonly locksItself: boolean;
}

/**
 * How checks end. `rejected`: the stage fails. `skipped`: an approval timed out. `canceled`: the run was cancelled, or a newer
 * run took an exclusive lock with lockBehavior runLatest.
 */
export interface ChecksOutcome {
  readonly result: 'passed' | 'rejected' | 'skipped' | 'canceled';
  /** Display names of those who approved. */
  readonly approvers: readonly string[];
  /** What the run's page shows, for people. */
  readonly message?: string;
  /** Gives locks back when the stage is over. */
  readonly release?: () => void;
}

/** An artifact of a run. */
export interface StoredArtifact {
  readonly name: string;
  /** `Container` by artifact.upload, `PipelineArtifact` by publish. */
  readonly kind: 'Container' | 'PipelineArtifact';
  /** Path within the artifact, with `/`, to content. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** A deployment to an environment, for its history. */
export interface DeploymentRecord {
  readonly run: RunIdentity;
  readonly environment: string;
  readonly stage: string;
  readonly job: string;
  readonly result: string;
}

/** A run of another pipeline that this run consumes, as `resources.pipeline.<alias>.*` tells of it. */
export interface ConsumedRun {
  readonly projectId: string;
  readonly pipelineId: number;
  readonly pipelineName: string;
  readonly id: number;
  readonly number: string;
  readonly branch: string;
  readonly commit: string;
  readonly requestedFor: string;
}

/** Azure DevOps, as a run needs it. */
export interface RunService {
  queue(run: QueuedRun): RunIdentity;
  /** Undefined: there is none, or the pipeline may not use it. */
  variableGroup(name: string): VariableGroup | undefined;
  /**
   * Whether there is an environment that a pipeline may use. Environments exist before a run does; the service refuses a pipeline
   * that names another one.
   */
  hasEnvironment(name: string, pipeline: string): boolean;
  /** Resolves when the checks of a stage's environments have ended. `cancel` ends them at once. */
  check(stage: CheckedStage, cancel: AbortSignal): Promise<ChecksOutcome>;
  /**
   * Of a job's agent: service connections, the job's token, proxy, environment of its processes. For a deployment job the
   * variables of its environment, too (`Environment.Id`).
   */
  jobOptions(run: RunIdentity, stage: string, job: string, environment?: string): Promise<JobOptions>;
  publish(run: RunIdentity, artifact: StoredArtifact): void;
  artifacts(runId: number): readonly StoredArtifact[];
  /**
   * The newest run of a pipeline, of a branch if one is given, that went well without issues: the service passes others over
   * (azure-pipelines-yaml#459). Undefined where there is none.
   */
  latestRun(source: { readonly pipeline: string; readonly branch?: string }): ConsumedRun | undefined;
  deployed(record: DeploymentRecord): void;
  /** The run is over: `Succeeded`, `SucceededWithIssues`, `Failed` or `Canceled`. */
  complete(run: RunIdentity, result: string): void;
}
