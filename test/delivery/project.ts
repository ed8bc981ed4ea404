import path from 'node:path';
import { expandedPipeline } from '../agent/pipelines/expand.ts';
import {
  readPipeline,
  runPipeline,
  triggeredBy,
  type PipelineDocument,
  type PipelineRecord,
  type RunEvent,
  type SourceRepository,
} from '../agent/pipelines/run/index.ts';
import type { PipelineSteps } from '../agent/steps/index.ts';
import type { Organization } from '../azure/devops/index.ts';

/** A pipeline of a project: its name, and its file within the repository. */
export interface ProjectPipeline {
  readonly name: string;
  readonly file: string;
}

/** How a run is queued. */
export interface RunRequest {
  readonly branch: string;
  readonly commit: string;
  readonly requestedFor: string;
  readonly cancel?: AbortSignal;
  readonly listener?: (event: RunEvent) => void;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly startedByHand?: readonly string[];
}

/** A project of Azure DevOps: a repository with pipelines, and the repositories whose templates these use. */
export class Project {
  readonly #organization: Organization;
  readonly #steps: PipelineSteps;
  readonly #repositories: readonly SourceRepository[];
  readonly #pipelines: readonly ProjectPipeline[];

  /** @param repositories the pipelines' own one first */
  constructor(
    organization: Organization,
    steps: PipelineSteps,
    repositories: readonly SourceRepository[],
    pipelines: readonly ProjectPipeline[],
  ) {
    this.#organization = organization;
    this.#steps = steps;
    this.#repositories = repositories;
    this.#pipelines = pipelines;
    for (const { name } of pipelines) organization.pipelines.named(name);
  }

  /** A pipeline as its file now says. Throws Refused or NotSupported as the expander does. */
  document(name: string, request?: RunRequest): PipelineDocument {
    const [self, ...others] = this.#repositories;
    const { file } = this.#pipelines.find((each) => each.name === name) ?? {};
    if (self === undefined || file === undefined) throw new Error(`The project has no pipeline ${name}.`);
    const variables = { 'Build.SourceBranch': request?.branch ?? '', 'Build.SourceVersion': request?.commit ?? '' };
    return readPipeline(
      expandedPipeline({
        file: path.join(self.folder, file),
        root: self.folder,
        repositories: new Map(others.map(({ alias, folder }) => [alias, folder])),
        parameters: request?.parameters ?? {},
        variables,
      }),
    );
  }

  /** All pipelines, as their files now say. */
  get documents(): PipelineDocument[] {
    return this.#pipelines.map(({ name }) => this.document(name));
  }

  /** Runs a pipeline, as a commit does that triggers it. */
  run(name: string, request: RunRequest, reason = 'IndividualCI'): Promise<PipelineRecord> {
    return this.#run(name, request, { reason });
  }

  /** Runs the pipelines that the end of a run triggers, one after the other. */
  async runTriggered(finished: PipelineRecord, request: RunRequest): Promise<PipelineRecord[]> {
    const records: PipelineRecord[] = [];
    for (const { name } of this.#pipelines) {
      const resource = triggeredBy(this.document(name, request), finished);
      if (resource === undefined) continue;
      const consumed = this.#organization.consumedRun(finished.run.id);
      records.push(
        await this.#run(name, request, {
          reason: 'ResourceTrigger',
          triggeringAlias: resource.alias,
          consumedRuns: new Map([[resource.alias, consumed]]),
        }),
      );
    }
    return records;
  }

  #run(
    name: string,
    request: RunRequest,
    {
      reason,
      ...trigger
    }: { readonly reason: string } & Pick<Parameters<typeof runPipeline>[0], 'triggeringAlias' | 'consumedRuns'>,
  ): Promise<PipelineRecord> {
    const { branch, commit, requestedFor, cancel, listener, startedByHand } = request;
    return runPipeline({
      pipeline: this.document(name, request),
      queued: { pipeline: name, branch, commit, reason, requestedFor },
      service: this.#organization,
      steps: this.#steps,
      repositories: this.#repositories,
      ...trigger,
      ...(cancel !== undefined && { cancel }),
      ...(listener !== undefined && { listener }),
      ...(startedByHand !== undefined && { startedByHand }),
    });
  }
}
