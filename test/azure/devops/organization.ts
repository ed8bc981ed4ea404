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
import type { PipelineRuns, PlayedRun } from '../hosts/pipeline-runs.ts';
import { Approvals } from './approvals.ts';
import { StageChecks } from './checks.ts';
import { Clock } from './clock.ts';
import { Environments } from './environments.ts';
import { Directory, person, type Person } from './people.ts';
import { Pipelines } from './pipelines.ts';
import { RunNumbers } from './run-numbers.ts';
import type { Stamping } from './stamp.ts';
import type { LinkedRepositories } from './static-checks.ts';

/** A queued run, as the organisation keeps it. */
interface KeptRun {
  readonly queued: QueuedRun;
  readonly run: PlayedRun;
}

const results: Readonly<Record<string, PlayedRun['result']>> = {
  Succeeded: 'succeeded',
  SucceededWithIssues: 'partiallySucceeded',
  Canceled: 'canceled',
};

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
  readonly pipelines = new Pipelines();
  readonly projectName = 'delivery';
  readonly approvals = new Approvals();
  /** Of all runs: tests change it for the checks that look at repositories. */
  readonly linked: LinkedRepositories = { refs: [] };
  readonly variableGroups: VariableGroup[] = [];
  /** What every agent gets beside the job's token: service connections, PATH, ... */
  agent: () => Promise<JobOptions> = () => Promise.resolve({});
  readonly #job: Job;
  readonly #runs: PipelineRuns;
  readonly #kept = new Map<number, KeptRun>();
  readonly #numbers = new RunNumbers();
  readonly #checks: StageChecks;

  constructor(job: Job, runs: PipelineRuns) {
    this.#job = job;
    this.#runs = runs;
    const { environments, approvals, people, linked } = this;
    this.#checks = new StageChecks({ environments, approvals, people, linked, clock: this.#clock });
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
    const { projectId } = this.#job;
    const { pipeline, branch, commit, numberForm } = queued;
    const id = this.#numbers.nextId();
    const number = this.#numbers.number(pipeline, id, numberForm);
    const { id: pipelineId } = this.pipelines.named(pipeline);
    const named = { pipelineName: pipeline, pipelineId };
    const run = this.#runs.add({ projectId, id, number, ...named, branch, commit, status: 'inProgress' });
    this.#kept.set(id, { queued, run });
    return { id, number, variables: this.#variables(pipelineId, queued) };
  }

  variableGroup(name: string): VariableGroup | undefined {
    return this.variableGroups.find((group) => group.name.toLowerCase() === name.toLowerCase());
  }

  hasEnvironment(name: string): boolean {
    return this.environments.find(name) !== undefined;
  }

  check(stage: CheckedStage, cancel: AbortSignal): Promise<ChecksOutcome> {
    return this.#checks.check(stage, this.#keptRun(stage.run.id).queued, cancel);
  }

  async jobOptions(_run: RunIdentity, _stage: string, _job: string, environment = ''): Promise<JobOptions> {
    const given = await this.agent();
    const found = this.environments.find(environment);
    const ofEnvironment = found === undefined ? {} : { 'Environment.Id': String(found.id) };
    return { accessToken: this.#job.accessToken, ...given, variables: { ...given.variables, ...ofEnvironment } };
  }

  /** A second artifact of a name adds its files to the first. */
  publish({ id }: RunIdentity, { name, kind, files }: StoredArtifact): void {
    const { artifacts } = this.#keptRun(id).run;
    const before = artifacts.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (before === undefined) artifacts.push({ name, kind, files: Object.fromEntries(files) });
    else before.files = { ...before.files, ...Object.fromEntries(files) };
  }

  artifacts(runId: number): readonly StoredArtifact[] {
    const run = this.#kept.get(runId)?.run ?? this.#runs.find(this.#job.projectId, runId);
    return (run?.artifacts ?? []).map(({ name, kind, files }) => ({
      name,
      kind,
      files: new Map(Object.entries(files)),
    }));
  }

  latestRun({ pipeline, branch }: { readonly pipeline: string; readonly branch?: string }): ConsumedRun | undefined {
    const kept = [...this.#kept.values()].findLast(({ run }) => {
      const isOf = run.pipelineName.toLowerCase() === pipeline.toLowerCase();
      const wentWell = run.status === 'completed' && run.result === 'succeeded';
      return isOf && wentWell && (branch === undefined || run.branch === branch);
    });
    return kept && consumed(kept);
  }

  /** A run that others consume. @throws Error when it was never queued here */
  consumedRun(id: number): ConsumedRun {
    return consumed(this.#keptRun(id));
  }

  deployed(record: DeploymentRecord): void {
    this.environments.find(record.environment)?.deployments.push(record);
  }

  complete({ id, number }: RunIdentity, result: string): void {
    Object.assign(this.#keptRun(id).run, { number, status: 'completed', result: results[result] ?? 'failed' });
  }

  #keptRun(id: number): KeptRun {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new Error(`The organisation has no run ${id}.`);
    return kept;
  }

  #variables(pipelineId: number, { pipeline, requestedFor }: QueuedRun): Record<string, string> {
    return {
      'System.CollectionUri': this.#job.organizationUri,
      'System.TeamProject': this.projectName,
      'System.TeamProjectId': this.#job.projectId,
      'System.DefinitionId': String(pipelineId),
      'System.OidcRequestUri': this.#job.oidcRequestUri,
      'Build.DefinitionName': pipeline,
      'Build.QueuedBy': requestedFor,
    };
  }
}

function consumed({ queued: { requestedFor }, run }: KeptRun): ConsumedRun {
  const { projectId, pipelineId, pipelineName, id, number, branch, commit } = run;
  return { projectId, pipelineId, pipelineName, id, number, branch, commit, requestedFor };
}
