import type { ConsumedRun, QueuedRun, RunIdentity, StoredArtifact } from '../../agent/pipelines/run/service.ts';
import type { PipelineRuns, PlayedRun } from '../hosts/pipeline-runs.ts';
import type { Pipelines } from './pipelines.ts';
import { RunNumbers } from './run-numbers.ts';

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

/** The runs that were queued in a project, with their artifacts. Methods throw an Error for a run that never was. */
export class KeptRuns {
  readonly #projectId: string;
  readonly #runs: PipelineRuns;
  readonly #pipelines: Pipelines;
  readonly #kept = new Map<number, KeptRun>();
  readonly #numbers = new RunNumbers();

  /** @param runs those that the REST API tells of, to which each queued one is added */
  constructor(projectId: string, runs: PipelineRuns, pipelines: Pipelines) {
    this.#projectId = projectId;
    this.#runs = runs;
    this.#pipelines = pipelines;
  }

  add(queued: QueuedRun): PlayedRun {
    const { pipeline, branch, commit, numberForm } = queued;
    const id = this.#numbers.nextId();
    const number = this.#numbers.number(pipeline, id, numberForm);
    const named = { pipelineName: pipeline, pipelineId: this.#pipelines.named(pipeline).id };
    const projectId = this.#projectId;
    const run = this.#runs.add({ projectId, id, number, ...named, branch, commit, status: 'inProgress' });
    this.#kept.set(id, { queued, run });
    return run;
  }

  queued(id: number): QueuedRun {
    return this.#find(id).queued;
  }

  /** A second artifact of a name adds its files to the first. */
  publish(id: number, { name, kind, files }: StoredArtifact): void {
    const { artifacts } = this.#find(id).run;
    const before = artifacts.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (before === undefined) artifacts.push({ name, kind, files: Object.fromEntries(files) });
    else before.files = { ...before.files, ...Object.fromEntries(files) };
  }

  /** Also of runs that tests made without queueing them. */
  artifacts(id: number): readonly StoredArtifact[] {
    const run = this.#kept.get(id)?.run ?? this.#runs.find(this.#projectId, id);
    return (run?.artifacts ?? []).map(({ name, kind, files }) => ({
      name,
      kind,
      files: new Map(Object.entries(files)),
    }));
  }

  latest({ pipeline, branch }: { readonly pipeline: string; readonly branch?: string }): ConsumedRun | undefined {
    const kept = [...this.#kept.values()].findLast(({ run }) => {
      const isOf = run.pipelineName.toLowerCase() === pipeline.toLowerCase();
      const wentWell = run.status === 'completed' && run.result === 'succeeded';
      return isOf && wentWell && (branch === undefined || run.branch === branch);
    });
    return kept && consumed(kept);
  }

  consumed(id: number): ConsumedRun {
    return consumed(this.#find(id));
  }

  complete({ id, number }: RunIdentity, result: string): void {
    Object.assign(this.#find(id).run, { number, status: 'completed', result: results[result] ?? 'failed' });
  }

  #find(id: number): KeptRun {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new Error(`The organisation has no run ${id}.`);
    return kept;
  }
}

function consumed({ queued: { requestedFor }, run }: KeptRun): ConsumedRun {
  const { projectId, pipelineId, pipelineName, id, number, branch, commit } = run;
  return { projectId, pipelineId, pipelineName, id, number, branch, commit, requestedFor };
}
