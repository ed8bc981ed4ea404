import * as tl from 'azure-pipelines-task-lib/task.js';
import { job, type JobIdentity, serviceConnection, type ServiceConnection } from './connection.ts';
import { exec, type ExecOptions, type ExecResult } from './exec.ts';
import { findFiles } from './find-files.ts';
import { log, type Log } from './log.ts';
import { setForeignOutput, setOutput, setPathVariable } from './outputs.ts';
import { addAttachment, type Attachment, publishTestResults, type TestResults } from './publish.ts';
import { networkSettings, type NetworkSettings } from './network.ts';
import { maskSecret, quietly, type Secret, secretsOfStep } from './secrets.ts';

/** Runs a program, in the private folder of the step if nothing else is told; see exec.ts. */
export type Exec = (tool: string, args: readonly string[], options?: ExecOptions) => Promise<ExecResult>;

/** All that a task's story may use of the agent. `Output` is the union of the output names in its task.json. */
export interface TaskContext<Output extends string = never> {
  readonly log: Log;
  readonly exec: Exec;
  readonly job: JobIdentity;
  readonly network: NetworkSettings;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** A pipeline variable, such as `Build.SourcesDirectory`; undefined when it is not set. */
  variable(name: string): string | undefined;
  /** The names of all variables of the job, as the pipeline writes them. */
  variableNames(): string[];
  /** Whether the job has a variable of this name that is secret: no value given to it reaches the environment of scripts. */
  isSecretVariable(name: string): boolean;
  /** The service connection chosen in an input. @throws TaskError when the agent has none of that id. */
  connection(id: string, input: string): ServiceConnection;
  /** Files that the patterns name; see find-files.ts. */
  findFiles(patterns: readonly string[]): Promise<string[]>;
  /** The job's secret variables and the secrets of these connections: what a step must not write down. */
  secrets(connections: readonly string[]): Secret[];
  /** Hides this value from here on: from this step's texts, and from the log of later steps. */
  maskSecret(value: string): void;
  /** A folder of this step that nobody else can read and that does not outlive the step. */
  privateFolder(): string;
  /** The same, but it stays for later steps of the job if this one succeeds; the post-job step removes it. */
  jobFolder(): string;
  /** Adds a file, which must outlive the step, to an artifact of the run. */
  uploadArtifact(artifactName: string, file: string): void;
  /** Attaches a file to the step for readers of the run; its path is for later steps of the job. */
  addAttachment(attachment: Attachment): string;
  /** Shows results in the run's Tests tab. */
  publishTestResults(results: TestResults): void;
  /** Sets an output variable; later steps read it as `$(stepName.output)`. @throws TaskError for what a script would run */
  setOutput(name: Output, value: string): void;
  /** The same for what somebody outside of this pipeline wrote: what a script would run is left out, with a warning. */
  setForeignOutput(name: Output, value: string): void;
  /** Sets a variable to a path for the later steps of the job, which scripts also see in their environment. */
  setPathVariable(name: string, value: string): void;
  /** Puts a folder before PATH for the later steps of the job. */
  prependPath(folder: string): void;
}

/** The private folders of a step, by how long they live; each is made when it is first asked for. */
export interface StepFolders {
  readonly step: { path(): string };
  readonly job: { path(): string };
}

/** The context of the step that this process runs. */
export function taskContext<Output extends string>(signal: AbortSignal, folders: StepFolders): TaskContext<Output> {
  let network: NetworkSettings | undefined;
  return {
    log,
    job,
    signal,
    // Not in the sources: programs look for settings and plugins in the folder that they run in, if only without HOME.
    exec: (tool, args, options) => exec(tool, args, { signal, cwd: folders.step.path(), ...options }),
    get network() {
      network ??= networkSettings();
      return network;
    },
    variable: (name) => tl.getVariable(name) || undefined,
    variableNames: () => quietly(() => tl.getVariables()).map(({ name }) => name),
    isSecretVariable: (name) => quietly(() => isSecretVariable(name)),
    connection: serviceConnection,
    findFiles: (patterns) => findFiles(patterns, signal),
    secrets: secretsOfStep,
    maskSecret,
    privateFolder: () => folders.step.path(),
    jobFolder: () => folders.job.path(),
    uploadArtifact: (artifactName, file) => tl.uploadArtifact(artifactName, file, artifactName),
    addAttachment,
    publishTestResults,
    setOutput,
    setForeignOutput,
    setPathVariable,
    prependPath: tl.prependPath,
  };
}

/** Names have no case. */
function isSecretVariable(name: string): boolean {
  return tl.getVariables().some((known) => known.secret && known.name.toLowerCase() === name.toLowerCase());
}
