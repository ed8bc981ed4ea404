import { rm } from 'node:fs/promises';
import { setUpJob, type JobOptions, type JobSetup } from './job-setup.ts';
import type { RunRecord } from './run-record.ts';
import { withScriptStart } from './script-step.ts';
import { leaksInOutput, leaksOnCommandLines, leaksOnDisk, secretTraces, type SecretLeak } from './secret-audit.ts';
import type { ActionOptions, JobResult, ScriptOptions, StepOptions, TaskOptions } from './step-options.ts';
import { StepRun, type StepSettings, type StepStart, type StepWork } from './step-run.ts';
import { worseResult, type StepResult, type TaskResult } from './step-result.ts';
import { runScheduled } from './step-schedule.ts';
import { readTaskDefinition } from './task-definition.ts';
import { expandText, taskStart, type TaskStep } from './task-step.ts';
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
  readonly #postJobTasks: { readonly step: TaskStep; readonly options: StepOptions }[] = [];
  readonly #leftovers: (() => void)[] = [];
  readonly #killed = new AbortController();
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

  /** A text with its macros replaced, secret ones too; unknown ones stay. */
  expand(text: string): string {
    return expandText(text, this.#setup);
  }

  /** Puts a folder first on the PATH of all later steps, as a step's `task.prependpath` does. */
  prependPath(folder: string): void {
    this.#setup.state.prependedPaths.push(folder);
  }

  /** The reference name that the agent gives a step without one. */
  nameFor(task: string): string {
    return `${task}${(this.#unnamed += 1)}`;
  }

  /** Runs a built task. Throws PipelineError for a step that the server would refuse. */
  async runTask(options: TaskOptions): Promise<StepResult> {
    const definition = await readTaskDefinition(options.task);
    const { masker } = this.#setup.state;
    const step: TaskStep = {
      name: options.name ?? this.nameFor(definition.name),
      folder: options.task,
      definition,
      inputs: options.inputs ?? {},
      environment: options.env ?? {},
      node: options.node ?? process.execPath,
      taskVariables: new Variables((value) => {
        masker.addVariable(value);
      }),
    };
    const start = (): StepStart => taskStart(step, 'execution', this.#setup);
    // What the server would refuse is refused now, also of a step that will be skipped.
    start();
    if (definition.postjobexecution !== undefined) this.#postJobTasks.unshift({ step, options });
    return this.#runStep(start, options, taskSettings(step));
  }

  /** Runs a script, which sees public variables, `env:` and PATH, but no secrets. */
  async runScript(options: ScriptOptions): Promise<StepResult> {
    const name = options.name ?? this.nameFor('Bash');
    return withScriptStart(options, this.#setup, (start) => this.#runStep(start, options, { name }));
  }

  /** Runs a step whose work the agent does itself. */
  async runAction({ act, ...options }: ActionOptions): Promise<StepResult> {
    return this.#runStep({ act }, options, { name: options.name });
  }

  /** Runs the post-job steps, the last task's first, whatever came before; then ends what the steps left running. */
  async finish({ killJob }: Pick<StepOptions, 'killJob'> = {}): Promise<JobResult> {
    const steps = [...this.#steps];
    for (const { step, options } of this.#postJobTasks.splice(0)) {
      const start = (): StepStart => taskStart(step, 'postjobexecution', this.#setup);
      const displayName = `Post-job: ${options.displayName ?? step.name}`;
      const { onLog } = options;
      const given = {
        condition: 'always()',
        displayName,
        ...(onLog && { onLog }),
        ...(killJob && { killJob }),
      } as const;
      await this.#runStep(start, given, taskSettings(step));
    }
    this.#endLeftovers();
    return { result: this.#status, steps, postJobSteps: this.#steps.slice(steps.length) };
  }

  /** Removes all folders of the job. */
  async dispose(): Promise<void> {
    this.#endLeftovers();
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

  async #runStep(work: StepWork, options: StepOptions, settings: Omit<StepSettings, 'job'>): Promise<StepResult> {
    const { state, cancelTimes, retryWait } = this.#setup;
    const { displayName, onLog, restrictions, killJob } = options;
    const kill = (): void => this.#killed.abort();
    killJob?.addEventListener('abort', kill);
    if (killJob?.aborted === true) kill();
    const run = new StepRun({
      ...settings,
      job: state,
      onLog,
      displayName: displayName === undefined ? undefined : this.expand(displayName),
      restrictions: [...(settings.restrictions ?? []), restrictions],
    });
    await runScheduled(run, work, options, {
      cancelTimes,
      kill: this.#killed.signal,
      retryWait,
      status: () => this.#status,
      cancelJob: () => this.#setStatus('Canceled'),
    });
    killJob?.removeEventListener('abort', kill);
    this.#leftovers.push(...run.leftovers);
    const result = run.outcome();
    this.#steps.push(result);
    this.#setStatus(worseResult(this.#status, result.result === 'Skipped' ? 'Succeeded' : result.result));
    return result;
  }

  #endLeftovers(): void {
    for (const end of this.#leftovers.splice(0)) end();
  }

  #setStatus(status: TaskResult): void {
    this.#status = status;
    this.variables.set('Agent.JobStatus', status, { readOnly: true });
  }
}

function taskSettings({ name, definition, taskVariables }: TaskStep): Omit<StepSettings, 'job'> {
  const declaredOutputs = (definition.outputVariables ?? []).map((output) => output.name);
  return { name, taskVariables, declaredOutputs, restrictions: [definition.restrictions] };
}
