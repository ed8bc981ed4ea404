import { startJob, type Job } from '../../job.ts';
import type { JobOptions } from '../../job-setup.ts';
import { PipelineError } from '../../pipeline-error.ts';
import type { StepResult, TaskResult } from '../../step-result.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { isTrue, type Value } from '../expressions/value.ts';
import type { StepDocument } from './document.ts';
import { checkouts, titleOf } from './implied-steps.ts';
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
  readonly cancel: AbortSignal;
}

/** Runs the steps of a part on an agent of its own, whose folders are gone afterwards. */
export async function playPart(part: Part, context: RunContext): Promise<PartRecord> {
  const nothing = { name: part.place.part, summaries: [], tags: [], steps: [] };
  if (part.cancel.aborted) return { ...nothing, result: 'Canceled' };
  const { stage, job: name } = part.place;
  const given = await context.service.jobOptions(context.run, stage, name, part.environment);
  const job = await startJob(withVariables(given, part.variables));
  try {
    protect(job, part.variables);
    return await new AgentPart(part, context, job).play();
  } finally {
    await job.dispose();
  }
}

function withVariables(options: JobOptions, variables: RunVariables): JobOptions {
  const named = (secret: boolean): Record<string, string> => {
    const chosen = [...variables].filter((variable) => variable.secret === secret);
    return Object.fromEntries(chosen.map(({ name, value }) => [name, value]));
  };
  return {
    ...options,
    variables: { ...named(false), ...options.variables },
    secretVariables: { ...named(true), ...options.secretVariables },
  };
}

/** The agent knows by itself only the read-only variables of the system. */
function protect(job: Job, variables: RunVariables): void {
  for (const { name, readOnly } of variables) {
    const known = job.variables.find(name);
    if (readOnly && known !== undefined) job.variables.set(known.name, known.value, { ...known, readOnly });
  }
}

/** In milliseconds: Node's timers know no longer ones. */
const longestTimer = 2 ** 31 - 1;

class AgentPart {
  readonly #steps: StepResult[] = [];
  readonly #timeIsUp = new AbortController();
  readonly #end: AbortSignal;
  #refusal: string | undefined;

  constructor(
    readonly part: Part,
    readonly context: RunContext,
    readonly job: Job,
  ) {
    this.#end = AbortSignal.any([part.cancel, this.#timeIsUp.signal]);
  }

  async play(): Promise<PartRecord> {
    const { place, steps, timeout } = this.part;
    const limit =
      timeout > 0
        ? setTimeout(
            () => {
              this.#timeIsUp.abort();
            },
            Math.min(timeout * 60_000, longestTimer),
          )
        : undefined;
    try {
      for (const step of steps) await this.#step(step);
    } catch (error) {
      // What the server refuses, such as a connection that is not there, ends the job; its post-job steps still run.
      if (!(error instanceof PipelineError)) throw error;
      this.#refusal = error.message;
    } finally {
      clearTimeout(limit);
    }
    const { result, postJobSteps } = await this.job.finish();
    for (const step of postJobSteps) this.#ended(step);
    const { summaries, buildTags } = this.job.record;
    const message = this.#timeIsUp.signal.aborted ? tookTooLong(timeout) : this.#refusal;
    return {
      name: place.part,
      result: this.#outcome(result),
      ...(message !== undefined && { message }),
      steps: this.#steps,
      summaries,
      tags: [...buildTags],
    };
  }

  #outcome(result: TaskResult): TaskResult {
    if (this.#end.aborted) return 'Canceled';
    return this.#refusal === undefined ? result : 'Failed';
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
        cancel: this.#end,
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
    const functions = statusesOfJob(this.#end.aborted ? 'Canceled' : status);
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
