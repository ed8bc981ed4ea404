import { summaryAttachment, type Attachment } from '../../run-record.ts';
import type { StepResult, TaskResult } from '../../step-result.ts';
import type { StoredArtifact, RunIdentity } from './service.ts';

/** What became of a run, as its pages in Azure DevOps tell it. */
export interface PipelineRecord {
  readonly run: RunIdentity;
  readonly pipeline: string;
  readonly branch: string;
  readonly commit: string;
  readonly result: 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled';
  /** In the order of the file. */
  readonly stages: readonly StageRecord[];
  readonly artifacts: readonly StoredArtifact[];
  readonly tags: readonly string[];
}

export interface StageRecord {
  readonly name: string;
  readonly displayName: string;
  /** `NotStarted`: it waits for somebody to start it by hand, or for such a stage. */
  readonly result: TaskResult | 'NotStarted';
  /** Why it did not run, or what the checks said, for people. */
  readonly message?: string;
  /** Display names of those who approved. */
  readonly approvers: readonly string[];
  readonly jobs: readonly JobRecord[];
}

export interface JobRecord {
  readonly name: string;
  readonly displayName: string;
  /** Of a deployment job. */
  readonly environment?: string;
  readonly result: TaskResult;
  /** Why it did not run, or what ended it. */
  readonly message?: string;
  /** One for a job, one for each leg of a matrix or each hook of a deployment; none for a job that did not run. */
  readonly parts: readonly PartRecord[];
}

/** What ran on one agent. */
export interface PartRecord {
  /** Name of the leg or hook; empty for a plain job. */
  readonly name: string;
  readonly result: TaskResult;
  readonly message?: string;
  /** Post-job steps last. */
  readonly steps: readonly StepResult[];
  /** Outputs of the steps that are secret, as `step.variable`. */
  readonly secretOutputs: readonly string[];
  /** What the steps attached to the run, pages of its summary among them. */
  readonly attachments: readonly Attachment[];
  readonly tags: readonly string[];
}

/** Where something happens: a job's part is a leg or hook. */
export interface Place {
  readonly stage: string;
  readonly job: string;
  readonly part: string;
}

/** What a run tells while it goes on. */
export type RunEvent =
  | { readonly kind: 'run started'; readonly run: RunIdentity }
  | { readonly kind: 'checks started'; readonly stage: string; readonly environments: readonly string[] }
  | { readonly kind: 'stage started'; readonly stage: string; readonly approvers: readonly string[] }
  | { readonly kind: 'stage ended'; readonly stage: StageRecord }
  | { readonly kind: 'job started'; readonly stage: string; readonly job: string; readonly environment?: string }
  | { readonly kind: 'job ended'; readonly stage: string; readonly job: JobRecord }
  | ({ readonly kind: 'step started'; readonly step: string } & Place)
  | ({ readonly kind: 'line'; readonly step: string; readonly text: string } & Place)
  | ({ readonly kind: 'step ended'; readonly step: StepResult } & Place)
  | { readonly kind: 'run ended'; readonly record: PipelineRecord };

/** The Markdown pages of the run's summary, in the order of the file. */
export function pagesOf({ stages }: Pick<PipelineRecord, 'stages'>): Attachment[] {
  const parts = stages.flatMap(({ jobs }) => jobs.flatMap((job) => job.parts));
  return parts.flatMap(({ attachments }) => attachments.filter(({ type }) => type === summaryAttachment));
}

/** The outputs of a part's steps, as later jobs name them: `step.variable`, behind the prefix of the part. */
export function outputsOf({ steps }: Pick<PartRecord, 'steps'>, prefix: string): [string, string][] {
  return steps.flatMap(({ name, outputs }) =>
    Object.entries(outputs).map(([output, value]): [string, string] => [`${prefix}${name}.${output}`, value]),
  );
}
