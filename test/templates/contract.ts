import type { JobDocument, PipelineDocument, StageDocument, StepDocument } from '../agent/pipelines/run/document.ts';
import { hasOutput, inputFaults, missingInputs } from './known-tasks.ts';

/** What a pipeline may speak of without having it. */
export interface Surroundings {
  /** Tasks of steps that stand elsewhere, by the step's name; empty for a whole pipeline. */
  readonly steps: ReadonlyMap<string, readonly string[]>;
  /** Variables of groups, and of those who start it. */
  readonly variables: ReadonlySet<string>;
}

/** What the agent and the service set themselves. */
const predefined = /^(?:agent|build|environment|pipeline|resources|strategy|system)\./i;

/** The reference of a step's task. */
export const taskOf = ({ task, version }: StepDocument): string => `${task}@${version}`;

/** The steps of a job, in the order in which they run. */
export function stepsOf(job: JobDocument): readonly StepDocument[] {
  return job.kind === 'job' ? job.steps : job.hooks.flatMap(({ steps }) => steps);
}

/** What does not fit together in an expanded pipeline: tasks, inputs, outputs and variables that are named and are not there. */
export class Contract {
  readonly #pipeline: PipelineDocument;
  readonly #around: Surroundings;

  constructor(pipeline: PipelineDocument, around: Surroundings) {
    this.#pipeline = pipeline;
    this.#around = around;
  }

  /** Every fault, in words; empty where all fits. */
  faults(): string[] {
    return this.#pipeline.stages.flatMap((stage) => stage.jobs.flatMap((job) => this.#ofJob(stage, job)));
  }

  #ofJob(stage: StageDocument, job: JobDocument): string[] {
    const before: StepDocument[] = [];
    const values = [this.#pipeline, stage, job].flatMap(({ variables }) => variables);
    const names = new Set(
      values.flatMap((variable) => (variable.kind === 'value' ? [variable.name.toLowerCase()] : [])),
    );
    const faults = values.flatMap((variable) =>
      variable.kind === 'value' ? this.#ofDependencies(stage, job, variable.value) : [],
    );
    for (const step of stepsOf(job)) {
      faults.push(...inputFaults(taskOf(step), step.inputs), ...missingInputs(taskOf(step), step.inputs));
      const texts = [
        ...Object.values(step.inputs),
        ...Object.values(step.env),
        step.displayName ?? '',
        step.condition ?? '',
      ];
      for (const name of texts.flatMap((text) => namesIn(text))) {
        const isThere = name.includes('.')
          ? this.#isOutput(name, before)
          : names.has(name.toLowerCase()) || this.#around.variables.has(name);
        if (!isThere) faults.push(`${taskOf(step)} reads ${name}, which nothing sets`);
      }
      before.push(step);
    }
    return faults;
  }

  #isOutput(name: string, before: readonly StepDocument[]): boolean {
    if (predefined.test(name)) return true;
    const [step = '', output = ''] = name.split('.');
    const here = before.filter((other) => other.name === step).map((other) => taskOf(other));
    const tasks = here.length > 0 ? here : (this.#around.steps.get(step) ?? []);
    return tasks.length > 0 && tasks.every((task) => hasOutput(task, output));
  }

  /** The outputs of other jobs and stages that a runtime expression reads. */
  #ofDependencies(stage: StageDocument, job: JobDocument, text: string): string[] {
    const reads = text.matchAll(/\b(stageDependencies|dependencies)\.([\w.]+)\.outputs\['([^']+)'\]/g);
    return [...reads].flatMap(([read, context, place = '', output = '']) => {
      const [ofStage, ofJob = ''] = context === 'dependencies' ? [undefined, place] : place.split('.');
      const source = ofStage === undefined ? stage : this.#pipeline.stages.find(({ name }) => name === ofStage);
      const other = source?.jobs.find(({ name }) => name === ofJob);
      if (other === undefined) return this.#isElsewhere(output, ofJob) ? [] : [`${read}: there is no such job`];
      const dependsOn = source === stage ? job.dependsOn : (stage.dependsOn ?? [this.#stageBefore(stage)]);
      const faults = dependsOn?.includes(source === stage ? ofJob : (ofStage ?? ''))
        ? []
        : [`${read}: dependsOn does not list it`];
      const local = other.kind === 'deployment' ? output.replace(`${ofJob}.`, '') : output;
      const isPrefixed = other.kind === 'job' || local !== output;
      return isPrefixed && this.#isOutput(local, stepsOf(other)) ? faults : [...faults, `${read}: no step sets it`];
    });
  }

  /** An output of a job that stands elsewhere; one of a deployment job begins with the job's name. */
  #isElsewhere(output: string, job: string): boolean {
    const name = output.split('.').length > 2 ? output.replace(`${job}.`, '') : output;
    return this.#around.steps.size > 0 && this.#isOutput(name, []);
  }

  #stageBefore(stage: StageDocument): string {
    const { stages } = this.#pipeline;
    return stages[stages.indexOf(stage) - 1]?.name ?? '';
  }
}

/** Names of the macros in a text, and of the variables in a condition. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\$\(([\w.]+)\)|\bvariables\['([\w.]+)'\]/g)].map(
    ([, macro, variable]) => macro ?? variable ?? '',
  );
}
