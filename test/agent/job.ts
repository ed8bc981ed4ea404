import { rm } from 'node:fs/promises';
import { conditionHolds } from './condition.ts';
import { setUpJob, type JobOptions, type JobSetup } from './job-setup.ts';
import type { RunRecord } from './run-record.ts';
import { withScriptStart } from './script-step.ts';
import { leaksInOutput, leaksOnCommandLines, leaksOnDisk, secretTraces, type SecretLeak } from './secret-audit.ts';
import type { JobResult, ScriptOptions, StepOptions, TaskOptions } from './step-options.ts';
import { StepRun, type StepStart } from './step-run.ts';
import { worseResult, type StepResult, type TaskResult } from './step-result.ts';
import { readTaskDefinition } from './task-definition.ts';
import { taskStart, type TaskStep } from './task-step.ts';
import { Variables } from './variables.ts';
import type { WorkTree } from './work-tree.ts';

/** Starts a job on an agent of its own: empty folders, first variables, no step run yet. */
export async function startJob(options: JobOptions = {}): Promise<Job> {
  return new Job(await setUpJob(options));
}

/** A job that runs its steps one after the other, by the rules of the real agent. */
export class Job {
  readonly folders: WorkTree;
  /** Variables by name, outputs by `step.name`. */
  readonly variables: Variables;
  /** What the server got: summaries, artifacts, tags. */
  readonly record: RunRecord;
  readonly #setup: JobSetup;
  readonly #steps: StepResult[] = [];
  readonly #postJobTasks: TaskStep[] = [];
  readonly #leftovers: (() => void)[] = [];
  #unnamed = 0;
  #status: TaskResult = 'Succeeded';

  constructor(setup: JobSetup) {
    this.#setup = setup;
    this.folders = setup.tree;
    this.variables = setup.state.variables;
    this.record = setup.state.record;
  }

  get status(): TaskResult {
    return this.#status;
  }

  /** Runs a built task. Throws PipelineError for a step that the server would refuse. */
  async runTask(options: TaskOptions): Promise<StepResult> {
    const definition = await readTaskDefinition(options.task);
    const { masker } = this.#setup.state;
    const step: TaskStep = {
      name: options.name ?? `${definition.name}${(this.#unnamed += 1)}`,
      folder: options.task,
      definition,
      inputs: options.inputs ?? {},
      environment: options.env ?? {},
      node: options.node ?? process.execPath,
      taskVariables: new Variables((value) => {
        masker.addVariable(value);
      }),
    };
    const start = taskStart(step, 'execution', this.#setup);
    if (definition.postjobexecution !== undefined) this.#postJobTasks.unshift(step);
    return this.#runStep(this.#stepRun(step), options, start);
  }

  /** Runs a `bash:` step, which sees public variables, `env:` and PATH, but no secrets. */
  async runScript(options: ScriptOptions): Promise<StepResult> {
    const name = options.name ?? `Bash${(this.#unnamed += 1)}`;
    const run = new StepRun({ name, job: this.#setup.state });
    const script = { script: options.script, environment: options.env ?? {} };
    return withScriptStart(script, this.#setup, (start) => this.#runStep(run, options, start));
  }

  /** Runs the post-job steps, the last task's first, whatever came before; then ends what the steps left running. */
  async finish(): Promise<JobResult> {
    const steps = [...this.#steps];
    for (const step of this.#postJobTasks.splice(0)) {
      const start = taskStart(step, 'postjobexecution', this.#setup);
      await this.#runStep(this.#stepRun(step), { condition: 'always()' }, start);
    }
    for (const end of this.#leftovers.splice(0)) end();
    return { result: this.#status, steps, postJobSteps: this.#steps.slice(steps.length) };
  }

  /** Removes all folders of the job. */
  async dispose(): Promise<void> {
    for (const end of this.#leftovers.splice(0)) end();
    await rm(this.folders.root, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Secrets in a step's log or raw output, in any form. */
  secretLeaks(result: StepResult): SecretLeak[] {
    return leaksInOutput(secretTraces(this.#setup), result);
  }

  /** Secrets on the command line of a process that the step started; the step must have watched them. */
  secretsOnCommandLines(result: StepResult): SecretLeak[] {
    return leaksOnCommandLines(secretTraces(this.#setup), result);
  }

  /** Secrets in files of the job (its home and temp folder among them) and in further folders. */
  async secretsOnDisk(...furtherFolders: string[]): Promise<SecretLeak[]> {
    return leaksOnDisk(secretTraces(this.#setup), [this.folders.root, ...furtherFolders]);
  }

  #stepRun({ name, definition, taskVariables }: TaskStep): StepRun {
    const declaredOutputs = (definition.outputVariables ?? []).map((output) => output.name);
    const { state } = this.#setup;
    return new StepRun({ name, job: state, taskVariables, declaredOutputs, restrictions: definition.restrictions });
  }

  async #runStep(run: StepRun, options: StepOptions, start: StepStart): Promise<StepResult> {
    if (!conditionHolds(options.condition ?? 'succeeded()', this.#status)) {
      const skipped = run.skip();
      this.#steps.push(skipped);
      return skipped;
    }
    const { cancelTimes } = this.#setup;
    const { result, end } = await run.run(start, { ...options, cancelTimes });
    if (end.endLeftovers !== undefined) this.#leftovers.push(end.endLeftovers);
    this.#steps.push(result);
    this.#status = worseResult(this.#status, result.result === 'Skipped' ? 'Succeeded' : result.result);
    this.variables.set('Agent.JobStatus', this.#status, { readOnly: true });
    return result;
  }
}
