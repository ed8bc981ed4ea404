import type { BuildApi } from 'azure-devops-node-api/BuildApi.js';
import {
  type Build,
  type BuildArtifact,
  BuildResult,
  BuildStatus,
} from 'azure-devops-node-api/interfaces/BuildInterfaces.js';
import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { downloadArtifact, filesInZip, type WantedFiles } from './artifacts.ts';
import { buildClient } from './client.ts';
import { explainDevOpsError, explainRefusal } from './errors.ts';
import type { DevOpsContext } from './this-run.ts';

/** A run, as Azure DevOps remembers it. */
export interface RunRecord {
  readonly id: number;
  readonly number: string;
  readonly projectId: string;
  readonly pipelineId: number;
  readonly branch: string;
  readonly commit: string;
  /** `succeeded` only for a run that is over and went well; else what it did, such as `still runs` or `failed`. */
  readonly outcome: string;
}

/** The runs of one project. Every method throws a TaskError that says what to change in Azure DevOps. */
export class PipelineRuns {
  readonly #client: BuildApi;
  readonly #project: string;
  readonly #context: DevOpsContext;

  constructor(project: string, context: DevOpsContext) {
    this.#client = buildClient(context);
    this.#project = project;
    this.#context = context;
  }

  async find(runId: number): Promise<RunRecord> {
    const what = `show run ${runId} of project ${this.#project}`;
    // The client answers null where the server answers 404.
    const build: Build | null = await this.#ask(what, () => this.#client.getBuild(this.#project, runId));
    if (build === null) throw explainRefusal(404, what);
    const { id, buildNumber, project, definition, sourceBranch, sourceVersion } = build;
    if (id !== runId || !project?.id || !definition?.id || !sourceBranch || !sourceVersion) {
      throw new TaskError(`Azure DevOps did not ${what}: its answer lacks the run's identity. Run the step again.`);
    }
    if (project.id.toLowerCase() !== this.#project.toLowerCase()) {
      throw new TaskError(`Azure DevOps did not ${what}: its answer is the run of project ${visible(project.id)}.`);
    }
    return {
      id,
      number: buildNumber ?? '',
      projectId: project.id,
      pipelineId: definition.id,
      branch: sourceBranch,
      commit: sourceVersion,
      outcome: outcomeOf(build),
    };
  }

  /** An artifact of a run, be it a build artifact (container) or a pipeline artifact: gives its files. */
  async artifact(runId: number, name: string): Promise<(wanted: WantedFiles) => Map<string, Buffer>> {
    const what = `give the artifact '${name}' of run ${runId} of project ${this.#project}`;
    const artifact: BuildArtifact | null = await this.#ask(what, () =>
      this.#client.getArtifact(this.#project, runId, name),
    );
    const address = artifact?.resource?.downloadUrl;
    if (artifact === null || address === undefined) throw explainRefusal(404, what);
    const zip = await downloadArtifact(address, what, this.#context);
    return (wanted) => filesInZip(zip, name, wanted);
  }

  async #ask<Answer>(what: string, request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request();
    } catch (error) {
      this.#context.signal.throwIfAborted();
      throw explainDevOpsError(error, what);
    }
  }
}

function outcomeOf({ status, result, deleted }: Build): string {
  if (deleted === true) return 'was deleted';
  if (status !== BuildStatus.Completed) return 'still runs';
  if (result === BuildResult.Succeeded) return 'succeeded';
  if (result === BuildResult.PartiallySucceeded) return 'succeeded only partially';
  return result === BuildResult.Canceled ? 'was canceled' : 'failed';
}
