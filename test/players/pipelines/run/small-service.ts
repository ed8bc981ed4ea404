import type { JobOptions } from '../../../agent/index.ts';
import type {
  CheckedStage,
  ChecksOutcome,
  ConsumedRun,
  DeploymentRecord,
  QueuedRun,
  RunIdentity,
  RunService,
  StoredArtifact,
  VariableGroup,
} from '../../../agent/pipelines/run/service.ts';

/** What the small Azure DevOps of a test has. */
export interface ServiceContent {
  readonly environments?: readonly string[];
  readonly groups?: readonly VariableGroup[];
  readonly runs?: readonly ConsumedRun[];
  readonly artifacts?: readonly StoredArtifact[];
  /** How the checks of a stage end. Without it all pass. */
  readonly checks?: (stage: CheckedStage, cancel: AbortSignal) => Promise<ChecksOutcome> | ChecksOutcome;
  readonly job?: JobOptions;
}

/** An Azure DevOps that remembers what it was asked. */
export class SmallService implements RunService {
  readonly queued: QueuedRun[] = [];
  readonly checked: CheckedStage[] = [];
  readonly deployments: DeploymentRecord[] = [];
  readonly completed: string[] = [];
  readonly agents: string[] = [];

  constructor(readonly content: ServiceContent = {}) {}

  queue(run: QueuedRun): RunIdentity {
    this.queued.push(run);
    return {
      id: 41,
      number: '20260105.3',
      variables: { 'System.CollectionUri': 'https://dev.azure.com/contoso/', 'System.TeamProject': 'delivery' },
    };
  }

  variableGroup(name: string): VariableGroup | undefined {
    return this.content.groups?.find((group) => group.name === name);
  }

  hasEnvironment(name: string): boolean {
    return this.content.environments?.includes(name) === true;
  }

  async check(stage: CheckedStage, cancel: AbortSignal): Promise<ChecksOutcome> {
    this.checked.push(stage);
    return (await this.content.checks?.(stage, cancel)) ?? { result: 'passed', approvers: [] };
  }

  jobOptions(_run: RunIdentity, stage: string, job: string, environment?: string): Promise<JobOptions> {
    this.agents.push([stage, job, environment].filter((name) => name !== undefined).join(' '));
    return Promise.resolve(this.content.job ?? {});
  }

  publish(_run: RunIdentity, _artifact: StoredArtifact): void {
    throw new Error('No step of these tests publishes.');
  }

  artifacts(): readonly StoredArtifact[] {
    return this.content.artifacts ?? [];
  }

  latestRun({ pipeline, branch }: { readonly pipeline: string; readonly branch?: string }): ConsumedRun | undefined {
    return this.content.runs?.find(
      (run) => run.pipelineName === pipeline && (branch === undefined || run.branch === branch),
    );
  }

  deployed(record: DeploymentRecord): void {
    this.deployments.push(record);
  }

  complete(_run: RunIdentity, result: string): void {
    this.completed.push(result);
  }
}
