import { statSync } from 'node:fs';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { serviceConnection, type ServiceConnection } from './connection.ts';
import { exec, type ExecOptions, type ExecResult } from './exec.ts';
import { job, type JobIdentity } from './job.ts';
import { log, type Log } from './log.ts';
import { networkSettings, type NetworkSettings } from './network.ts';
import type { PrivateFolder } from './private-folder.ts';

/** Runs a program; see exec.ts. */
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
  /** The service connection chosen in an input. @throws TaskError when the agent has none of that id. */
  connection(id: string, input: string): ServiceConnection;
  /** Files that the patterns name, sorted; a pattern starts from the working directory. */
  findFiles(patterns: readonly string[]): string[];
  /** Asks the agent to hide this value in every log line from here on. */
  maskSecret(value: string): void;
  /** A folder of this step that nobody else can read and that does not outlive the step. */
  privateFolder(): string;
  /** Sets an output variable; later steps read it as `$(stepName.output)`. */
  setOutput(name: Output, value: string): void;
}

/** The context of the step that this process runs. */
export function taskContext<Output extends string>(signal: AbortSignal, folder: PrivateFolder): TaskContext<Output> {
  let network: NetworkSettings | undefined;
  return {
    log,
    job,
    signal,
    exec: (tool, args, options) => exec(tool, args, { signal, ...options }),
    get network() {
      network ??= networkSettings();
      return network;
    },
    variable: (name) => tl.getVariable(name) || undefined,
    connection: serviceConnection,
    findFiles,
    maskSecret,
    privateFolder: () => folder.path(),
    setOutput: (name, value) => tl.setVariable(name, value, false, true),
  };
}

function findFiles(patterns: readonly string[]): string[] {
  const workingDirectory = tl.getVariable('System.DefaultWorkingDirectory') ?? process.cwd();
  const found = tl.findMatch(workingDirectory, [...patterns], undefined, { dot: true, nocomment: true });
  return found.filter((file) => statSync(file).isFile()).sort();
}

/** The agent hides the URI and JSON forms of a secret by itself, the base64 form only of secret variables. */
function maskSecret(value: string): void {
  if (value === '') return;
  tl.setSecret(value);
  tl.setSecret(Buffer.from(value).toString('base64'));
}
