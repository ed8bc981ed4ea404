import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Job, StepResult } from '../../agent/index.ts';
import type { StepDocument } from '../../agent/pipelines/run/document.ts';
import type { RunIdentity, RunService, StoredArtifact } from '../../agent/pipelines/run/service.ts';
import type { StepContext } from '../../agent/pipelines/run/steps.ts';
import { PipelineSteps, readCatalogue, type PipelineStepsOptions } from '../../agent/steps/index.ts';

/** A step of an expanded pipeline; `task` is `Bash@3`. */
export function stepDocument(
  task: string,
  inputs: StepDocument['inputs'] = {},
  more: Partial<StepDocument> = {},
): StepDocument {
  const [name = '', version = ''] = task.split('@');
  const usual = { env: {}, continueOnError: false, enabled: true, timeoutInMinutes: 0, retryCountOnTaskFailure: 0 };
  return { task: name, version, inputs, ...usual, ...more };
}

export const identity: RunIdentity = { id: 703, number: '20260105.3', variables: {} };

/** What a run needs of the server here: it keeps artifacts, by the run's id. */
export class ArtifactServer {
  readonly published: StoredArtifact[] = [];
  readonly others = new Map<number, readonly StoredArtifact[]>();

  artifacts(runId: number): readonly StoredArtifact[] {
    return runId === identity.id ? this.published : (this.others.get(runId) ?? []);
  }

  publish(_run: RunIdentity, artifact: StoredArtifact): void {
    const known = this.published.findIndex(({ name }) => name === artifact.name);
    if (known >= 0) this.published.splice(known, 1);
    this.published.push(artifact);
  }
}

const unused = (): never => {
  throw new Error('No step asks for this.');
};

/** What steps of a run see around them; conditions are `succeeded()` and `always()`. */
export function contextOf(job: Job, server: ArtifactServer, more: Partial<StepContext> = {}): StepContext {
  const service: RunService = {
    artifacts: (id) => server.artifacts(id),
    publish: (run, artifact) => server.publish(run, artifact),
    queue: unused,
    variableGroup: unused,
    hasEnvironment: unused,
    check: unused,
    jobOptions: unused,
    latestRun: unused,
    deployed: unused,
    complete: unused,
  };
  return {
    run: identity,
    service,
    consumedRuns: new Map(),
    repositories: [],
    checkouts: 1,
    holds: (condition) => condition === 'always()' || ['Succeeded', 'SucceededWithIssues'].includes(job.status),
    cancel: new AbortController().signal,
    giveUp: new AbortController().signal,
    onLine: () => undefined,
    ...more,
  };
}

/** The built tasks, as an extension of Contoso's. */
export async function pipelineSteps(options: PipelineStepsOptions = {}): Promise<PipelineSteps> {
  const tasks = path.resolve(import.meta.dirname, '../../../dist/tasks');
  return new PipelineSteps(await readCatalogue({ tasks, publisher: 'contoso', id: 'helm-delivery' }), options);
}

/** Runs steps one after the other in a job. */
export async function runSteps(
  job: Job,
  steps: readonly StepDocument[],
  context: StepContext,
  options: PipelineStepsOptions = {},
): Promise<StepResult[]> {
  const runner = await pipelineSteps(options);
  const results: StepResult[] = [];
  for (const step of steps) results.push(await runner.run(job, step, context));
  return results;
}

/** Folders for the tests of one file, removed after each test. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'steps-'));
    folders.push(folder);
    return folder;
  };
}
