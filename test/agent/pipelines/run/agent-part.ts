import type { Job } from '../../job.ts';
import { PipelineError } from '../../pipeline-error.ts';
import type { StepResult } from '../../step-result.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { isTrue, type Value } from '../expressions/value.ts';
import type { StepDocument } from './document.ts';
import { checkouts, titleOf } from './implied-steps.ts';
import { JobTime } from './job-time.ts';
import type { PartRecord, Place } from './record.ts';
import type { RunContext } from './run-context.ts';
import type { RunVariables } from './run-variables.ts';
import { statusesOfJob } from './statuses.ts';

/** What one agent does: a job, a leg of a matrix or a hook of a deployment. */
export interface Part {
  readonly place: Place;
  readonly environment?: string;
  readonly steps: readonly StepDocument[];
  readonly variables: RunVariables;
  /** In minutes; 0: no limit. */
  readonly timeout: number;
  /** In minutes, for the steps that run though the job is cancelled. */
  readonly cancelTimeout: number;
  readonly cancel: AbortSignal;
}

/** The steps of a part on its agent, one after the other. */
export class AgentPart {
  readonly #steps: StepResult[] = [];
  readonly #time: JobTime;
  #refusal: string | undefined;

  constructor(
    readonly part: Part,
    readonly context: RunContext,
    readonly job: Job,
  ) {
    this.#time = new JobTime(part);
  }

  async play(): Promise<PartRecord> {
    try {
      return await this.#play();
    } finally {
      this.#time.stop();
    }
  }

  async #play(): Promise<PartRecord> {
    const { place, steps, timeout } = this.part;
    try {
      for (const step of steps) await this.#step(step);
    } catch (error) {
      // What the server refuses, such as a connection that is not there, ends the job; its post-job steps still run.
      if (!(error instanceof PipelineError)) throw error;
      this.#refusal = error.message;
    }
    const { result, postJobSteps } = await this.job.finish({ killJob: this.#time.giveUp });
    for (const step of postJobSteps) this.#ended(step);
    this.context.numbering.current = this.job.variables.get('Build.BuildNumber') ?? this.context.numbering.current;
    const { attachments, buildTags } = this.job.record;
    const message = this.#time.isUp && result === 'Canceled' ? tookTooLong(timeout) : this.#refusal;
    return {
      name: place.part,
      result: this.#refusal === undefined ? result : 'Failed',
      ...(message !== undefined && { message }),
      steps: this.#steps,
      secretOutputs: this.#secretOutputs(),
      attachments,
      tags: [...buildTags],
    };
  }

  #secretOutputs(): string[] {
    const names = this.#steps.flatMap(({ name, outputs }) => Object.keys(outputs).map((output) => `${name}.${output}`));
    return names.filter((name) => this.job.variables.find(name)?.secret === true);
  }

  async #step(step: StepDocument): Promise<void> {
    const { run, service, repositories, consumedRuns, tell, steps } = this.context;
    const { place } = this.part;
    const title = titleOf(step);
    const displayName = this.#expand(title);
    tell({ kind: 'step started', step: displayName, ...place });
    const result = await steps.run(
      this.job,
      { ...step, displayName: title },
      {
        run,
        service,
        repositories,
        consumedRuns,
        checkouts: checkouts(this.part.steps),
        cancel: this.#time.end,
        giveUp: this.#time.giveUp,
        holds: (condition) => this.#holds(condition),
        onLine: (text) => {
          tell({ kind: 'line', step: displayName, text, ...place });
        },
      },
    );
    this.#ended(result);
  }

  #ended(step: StepResult): void {
    this.#steps.push(step);
    this.context.tell({ kind: 'step ended', step, ...this.part.place });
  }

  #holds(condition = 'succeeded()'): boolean {
    const { variables, status } = this.job;
    const all = [...variables.public(), ...variables.secret()];
    const functions = statusesOfJob(status);
    const values = new Map<string, Value>(all.map(({ name, value }) => [name.toLowerCase(), value]));
    return isTrue(evaluate(condition, { variables: values, locals: new Map(), functions }));
  }

  /** Macros in the name of a step; those of secrets stay as text, so that the run's page does not show them. */
  #expand(title: string): string {
    return title.replaceAll(/\$\(([^()]+)\)/g, (macro, name: string) => {
      const variable = this.job.variables.find(name);
      return variable?.secret === false ? variable.value : macro;
    });
  }
}

function tookTooLong(minutes: number): string {
  return `The job running on agent agent-7 ran longer than the maximum time of ${minutes} minutes.`;
}
