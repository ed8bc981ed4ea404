import type { JobOptions } from '../../agent/job-setup.ts';
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
} from '../../agent/pipelines/run/service.ts';
import type { Job } from '../hosts/azure-devops.ts';
import type { PipelineRuns } from '../hosts/pipeline-runs.ts';
import { Approvals } from './approvals.ts';
import { StageChecks } from './checks.ts';
import { Clock } from './clock.ts';
import { Environments } from './environments.ts';
import { KeptRuns } from './kept-runs.ts';
import { Directory, person, type Person } from './people.ts';
import { Pipelines } from './pipelines.ts';
import { projectName } from './project-name.ts';
import type { Stamping } from './stamp.ts';

/** Azure DevOps as the runs of one project see it: its REST API tells the same of runs and artifacts. */
export class Organization implements RunService {
  /** Whom identities are searched among; approvers of checks are added by themselves. */
  readonly people = new Directory();
  /** Whom the job's token stands for. */
  readonly buildService = this.people.add(person('delivery Build Service (contoso)'));
  /** Who set up what tests add. */
  readonly owner = this.people.add(person('Sasha Contoso'));
  /** Ids of the people and groups that have the role Creator of environments. */
  readonly environmentCreators = new Set<string>();
  /** Ids of members of the organisation that have no access to the project. */
  readonly outsideProject = new Set<string>();
  readonly #clock = new Clock();
  /** Stamps what somebody does now. */
  readonly stamp: Stamping = (by = this.owner) => ({ by, on: this.#clock.time });
  readonly environments = new Environments(this.people, this.buildService, this.stamp);
  /** Whether a change of a check is refused that gives a single approver a minimum. */
  refusesMinimumOfOne = false;
  /** How many of the next changes of permissions get lost, though they are answered as done. */
  permissionsToLose = 0;
  readonly pipelines = new Pipelines();
  readonly approvals = new Approvals();
  readonly variableGroups: VariableGroup[] = [];
  /** What every agent gets beside the job's token: service connections, PATH, ... */
  agent: () => Promise<JobOptions> = () => Promise.resolve({});
  readonly #job: Job;
  readonly #runs: KeptRuns;
  readonly #checks: StageChecks;

  constructor(job: Job, runs: PipelineRuns) {
    this.#job = job;
    const { environments, approvals, people, pipelines } = this;
    this.#runs = new KeptRuns(job.projectId, runs, pipelines);
    this.#checks = new StageChecks({ environments, approvals, people, pipelines, clock: this.#clock });
  }

  get projectId(): string {
    return this.#job.projectId;
  }

  mayCreateEnvironments(somebody: Person): boolean {
    return this.people.idsOf(somebody).some((id) => this.environmentCreators.has(id));
  }

  /** Moves the clock by which approvals time out and business hours come. It begins on a Monday at eight, UTC. */
  passMinutes(minutes: number): void {
    this.#clock.pass(minutes);
    const { minutes: now } = this.#clock;
    for (const approval of this.approvals.pending) if (approval.endsAt <= now) approval.end('timedOut');
  }

  queue(queued: QueuedRun): RunIdentity {
    const { id, number, pipelineId } = this.#runs.add(queued);
    return { id, number, variables: this.#variables(pipelineId, queued) };
  }

  variableGroup(name: string): VariableGroup | undefined {
    return this.variableGroups.find((group) => group.name.toLowerCase() === name.toLowerCase());
  }

  hasEnvironment(name: string, pipeline: string): boolean {
    return this.environments.usable(name, this.pipelines.find(pipeline)?.id) !== undefined;
  }

  check(stage: CheckedStage, cancel: AbortSignal): Promise<ChecksOutcome> {
    return this.#checks.check(stage, this.#runs.queued(stage.run.id), cancel);
  }

  async jobOptions(_run: RunIdentity, _stage: string, _job: string, environment = ''): Promise<JobOptions> {
    const given = await this.agent();
    const found = this.environments.find(environment);
    const ofEnvironment = found === undefined ? {} : { 'Environment.Id': String(found.id) };
    return { accessToken: this.#job.accessToken, ...given, variables: { ...given.variables, ...ofEnvironment } };
  }

  publish({ id }: RunIdentity, artifact: StoredArtifact): void {
    this.#runs.publish(id, artifact);
  }

  artifacts(runId: number): readonly StoredArtifact[] {
    return this.#runs.artifacts(runId);
  }

  latestRun(source: { readonly pipeline: string; readonly branch?: string }): ConsumedRun | undefined {
    return this.#runs.latest(source);
  }

  /** A run that others consume. @throws Error when it was never queued here */
  consumedRun(id: number): ConsumedRun {
    return this.#runs.consumed(id);
  }

  deployed(record: DeploymentRecord): void {
    this.environments.find(record.environment)?.deployments.push(record);
  }

  complete(run: RunIdentity, result: string): void {
    this.#runs.complete(run, result);
  }

  #variables(pipelineId: number, { pipeline, requestedFor }: QueuedRun): Record<string, string> {
    return {
      'System.CollectionUri': this.#job.organizationUri,
      'System.TeamProject': projectName,
      'System.TeamProjectId': this.#job.projectId,
      'System.DefinitionId': String(pipelineId),
      'System.OidcRequestUri': this.#job.oidcRequestUri,
      'Build.DefinitionName': pipeline,
      'Build.QueuedBy': requestedFor,
    };
  }
}
