import { randomUUID } from 'node:crypto';

/** A run of a pipeline as Azure DevOps remembers it; tests may change it while it is played. */
export interface PlayedRun {
  readonly projectId: string;
  readonly id: number;
  number: string;
  pipelineId: number;
  pipelineName: string;
  branch: string;
  commit: string;
  status: 'completed' | 'inProgress';
  /** Of a run that is completed. */
  result: 'succeeded' | 'partiallySucceeded' | 'failed' | 'canceled';
  /** Deleted, but still there for whoever may restore it. */
  deleted?: boolean;
  /** The project that the answer names, where it is not the one that was asked. */
  saysProject?: string;
  readonly artifacts: PlayedArtifact[];
}

export interface PlayedArtifact {
  readonly name: string;
  /** `Container` is what `artifact.upload` makes, `PipelineArtifact` what `publish:` makes. */
  readonly kind: 'Container' | 'PipelineArtifact';
  /** Content by path in the artifact. */
  files: Readonly<Record<string, Buffer>>;
  /** Whole zip that is sent instead of one made of the files. */
  zip?: Buffer;
}

/** The runs of all projects of the organisation. */
export class PipelineRuns {
  readonly #runs: PlayedRun[] = [];

  /** Adds a run that went well, but for what is given. */
  add(given: Pick<PlayedRun, 'projectId' | 'id'> & Partial<PlayedRun>): PlayedRun {
    const run: PlayedRun = {
      number: '20260105.1',
      pipelineId: 12,
      pipelineName: 'orders-ci',
      branch: 'refs/heads/main',
      commit: randomUUID().replaceAll('-', ''),
      status: 'completed',
      result: 'succeeded',
      artifacts: [],
      ...given,
    };
    this.#runs.push(run);
    return run;
  }

  /** The run of a project, which is named by its id. */
  find(projectId: string, runId: number): PlayedRun | undefined {
    return this.#runs.find(({ id, projectId: project }) => id === runId && project === projectId);
  }
}
