import path from 'node:path';
import type { Job } from '../job.ts';
import type { StepDocument } from '../pipelines/run/document.ts';
import type { StepContext, StepRunner } from '../pipelines/run/steps.ts';
import type { RestrictionSettings } from '../restrictions.ts';
import type { StepOptions } from '../step-options.ts';
import type { StepResult } from '../step-result.ts';
import { checkout } from './checkout.ts';
import { docker } from './docker/docker-kind.ts';
import { installDocker } from './docker/install.ts';
import { downloadKinds } from './download.ts';
import { publish, publishUploads } from './publish.ts';
import { scriptKinds } from './script-kinds.ts';
import { StepInputs } from './step-inputs.ts';
import type { StepKind } from './step-kind.ts';
import type { CatalogueTask, TaskCatalogue } from './task-catalogue.ts';
import { publishTestResults } from './test-results.ts';

const kinds: readonly StepKind[] = [...scriptKinds, checkout, publish, ...downloadKinds, publishTestResults, docker];

export interface PipelineStepsOptions {
  /** Puts a program that stands in for docker first on the PATH of each job; only with it Docker@2 is played. */
  readonly standInForDocker?: boolean;
}

/** Plays the steps of a pipeline: those of an extension by its built tasks, those of the service by what stands in for them. */
export class PipelineSteps implements StepRunner {
  readonly #catalogue: TaskCatalogue;
  readonly #standsInForDocker: boolean;
  readonly #prepared = new WeakSet<Job>();

  constructor(catalogue: TaskCatalogue, options: PipelineStepsOptions = {}) {
    this.#catalogue = catalogue;
    this.#standsInForDocker = options.standInForDocker === true;
  }

  unplayed(step: StepDocument): string | undefined {
    if (!step.enabled) return undefined;
    const { container } = step.target ?? {};
    if (container !== undefined && container.toLowerCase() !== 'host') return `target ${container} of a step`;
    const task = this.#catalogue.find(step.task, step.version);
    if (task !== undefined) return unknownInput(task, step);
    if (this.#catalogue.has(step.task)) return `version ${step.version} of task ${step.task}`;
    const kind = kindOf(step);
    if (kind === undefined || (kind === docker && !this.#standsInForDocker)) return `task ${step.task}@${step.version}`;
    const inputs = new StepInputs(step.inputs);
    const known = kind.inputs.toLowerCase().split(' ');
    const unknown = inputs.names.find((name) => !known.includes(name));
    return unknown === undefined ? kind.unplayed?.(inputs) : `${kind.title} with ${unknown}`;
  }

  async run(job: Job, step: StepDocument, context: StepContext): Promise<StepResult> {
    await this.#prepare(job);
    const task = this.#catalogue.find(step.task, step.version);
    const result = await (task === undefined ? runKind(job, step, context) : runTask(job, step, task, context));
    publishUploads(job, context);
    return result;
  }

  /** Before a job's first step. */
  async #prepare(job: Job): Promise<void> {
    if (!this.#standsInForDocker || this.#prepared.has(job)) return;
    this.#prepared.add(job);
    const folder = path.join(job.folders.root, 'stand-in-for-docker');
    await installDocker(folder);
    job.prependPath(folder);
  }
}

/** The service drops such an input without a word; whoever wrote it meant something. */
function unknownInput({ definition }: CatalogueTask, { inputs }: StepDocument): string | undefined {
  const known = (definition.inputs ?? []).flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const names = new Set(known.map((name) => name.toLowerCase()));
  const unknown = Object.keys(inputs).find((name) => !names.has(name.trim().toLowerCase()));
  return unknown === undefined ? undefined : `${definition.name} with ${unknown}, which is no input of it`;
}

function kindOf({ task, version }: StepDocument): StepKind | undefined {
  const wanted = task.toLowerCase();
  return kinds.find(({ title, ids }) => {
    const [name, major] = title.toLowerCase().split('@');
    return (wanted === name || ids.includes(wanted)) && version.split('.')[0] === major;
  });
}

function runTask(job: Job, step: StepDocument, task: CatalogueTask, context: StepContext): Promise<StepResult> {
  const { folder, definition } = task;
  return job.runTask({ ...optionsOf(job, step, definition.name, context), task: folder, inputs: step.inputs });
}

function runKind(job: Job, step: StepDocument, context: StepContext): Promise<StepResult> {
  const kind = kindOf(step);
  if (kind === undefined) throw new Error(`Task ${step.task}@${step.version} is not supported.`);
  const inputs = new StepInputs(step.inputs, (text) => job.expand(text));
  const [name = kind.title] = kind.title.split('@');
  return kind.run(job, { inputs, options: optionsOf(job, step, name, context), context });
}

function optionsOf(job: Job, step: StepDocument, task: string, context: StepContext): StepOptions & { name: string } {
  const { name, displayName, enabled, condition, target } = step;
  const { commands, settableVariables } = target ?? {};
  const restrictions: RestrictionSettings = {
    ...(commands !== undefined && { commands: { mode: commands } }),
    ...(settableVariables !== undefined && { settableVariables: { allowed: settableVariables } }),
  };
  return {
    name: name ?? job.nameFor(task),
    ...(displayName !== undefined && { displayName }),
    env: step.env,
    condition: () => enabled && context.holds(condition),
    continueOnError: step.continueOnError,
    timeout: step.timeoutInMinutes * 60_000,
    retries: step.retryCountOnTaskFailure,
    restrictions,
    killJob: context.giveUp,
    cancelJob: context.cancel,
    onLog: context.onLine,
  };
}
