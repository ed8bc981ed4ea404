import type { ExtendedTemplate } from '../templates/extends.ts';

// The typed model of an expanded pipeline, as read-document.ts makes it of the preview's form. Texts are as written: macros and
// runtime expressions are worked out when a stage, job or step is about to start.

export interface PipelineDocument {
  /** `name:`, the form of the run's number. */
  readonly name?: string;
  readonly lockBehavior?: LockBehavior;
  readonly variables: readonly VariableDocument[];
  /** `resources.pipelines`. */
  readonly pipelines: readonly PipelineResource[];
  /** `resources.repositories`. */
  readonly repositories: readonly RepositoryResource[];
  /** What stands in the place of its `extends`. */
  readonly extended?: ExtendedTemplate;
  readonly stages: readonly StageDocument[];
}

export type LockBehavior = 'sequential' | 'runLatest';

export type VariableDocument =
  | { readonly kind: 'value'; readonly name: string; readonly value: string; readonly readOnly: boolean }
  | { readonly kind: 'group'; readonly name: string };

/** A pipeline whose runs this one consumes. */
export interface PipelineResource {
  readonly alias: string;
  /** Name of the pipeline, without its folder. */
  readonly source: string;
  /** Undefined: this project. It decides whether `resources.pipeline.<alias>.projectName` is set. */
  readonly project?: string;
  /** Number of the run to take; else the latest of `branch`. */
  readonly version?: string;
  readonly branch?: string;
  readonly tags: readonly string[];
  /** Undefined: finished runs of it start nothing. */
  readonly trigger?: PipelineTrigger;
}

/** A repository beside the pipeline's own one. */
export interface RepositoryResource {
  readonly alias: string;
  /** `git`, `github`, `githubenterprise` or `bitbucket`. */
  readonly type: string;
  /** As the service knows it, such as `templates` or `contoso/templates`. */
  readonly name: string;
  /** A full name. */
  readonly ref: string;
}

export interface PipelineTrigger {
  /** Empty: every branch. */
  readonly branches: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  /** All of these must have succeeded; empty: the whole run must. */
  readonly stages: readonly string[];
  /** All of these must be on the run. */
  readonly tags: readonly string[];
}

interface GraphNode {
  readonly name: string;
  readonly displayName?: string;
  /** Undefined: as the place says, the stage before or nothing for a job. */
  readonly dependsOn?: readonly string[];
  readonly condition?: string;
  readonly variables: readonly VariableDocument[];
}

export interface StageDocument extends GraphNode {
  readonly lockBehavior?: LockBehavior;
  /** `trigger: manual`: not started unless somebody does. */
  readonly isManual: boolean;
  readonly jobs: readonly JobDocument[];
}

interface JobNode extends GraphNode {
  /** Texts of numbers and booleans, maybe with macros or a runtime expression. */
  readonly continueOnError?: string;
  readonly timeoutInMinutes?: string;
  readonly cancelTimeoutInMinutes?: string;
}

export interface AgentJobDocument extends JobNode {
  readonly kind: 'job';
  readonly steps: readonly StepDocument[];
  /** `strategy: matrix`: the variables of each leg by the leg's name. */
  readonly matrix?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Legs at a time; undefined: all. */
  readonly maxParallel?: number;
}

/** A deployment job with strategy runOnce on a whole environment; nothing else is played. */
export interface DeploymentDocument extends JobNode {
  readonly kind: 'deployment';
  /** Name of the Azure DevOps environment, maybe with macros. */
  readonly environment: string;
  readonly hooks: readonly HookDocument[];
}

export type JobDocument = AgentJobDocument | DeploymentDocument;

/** In the order in which they run; of the last two, one. */
export const hookNames = [
  'preDeploy',
  'deploy',
  'routeTraffic',
  'postRouteTraffic',
  'on.success',
  'on.failure',
] as const;

export type HookName = (typeof hookNames)[number];

export interface HookDocument {
  readonly name: HookName;
  readonly steps: readonly StepDocument[];
}

/** A step in the preview's form: always a task, also where the author wrote `script:` or `checkout:`. */
export interface StepDocument {
  /** Name, full name (`publisher.extension.Task`) or id of the task, without its version. */
  readonly task: string;
  /** What stands behind `@`: `1`, `1.2.3`. */
  readonly version: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Reference name, for outputs. */
  readonly name?: string;
  readonly displayName?: string;
  readonly condition?: string;
  readonly continueOnError: boolean;
  readonly enabled: boolean;
  /** 0: no limit of its own. */
  readonly timeoutInMinutes: number;
  readonly retryCountOnTaskFailure: number;
  readonly target?: StepTarget;
}

/** Where a step runs and what it may tell the agent. */
export interface StepTarget {
  /** `host`, or the alias of a container. */
  readonly container?: string;
  readonly commands?: 'any' | 'restricted';
  /** Undefined: every variable; empty (`none`): no variable. */
  readonly settableVariables?: readonly string[];
}
