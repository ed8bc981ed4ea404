import { spawn, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import { CommandLineWatcher } from './command-line-watcher.ts';
import { LineScanner } from './line-scanner.ts';
import { endGroup, groupLives, trackGroup } from './process-groups.ts';

/** How long the agent waits, in milliseconds, or until when. */
export type Patience = number | Promise<unknown>;

/** How long the agent waits after each means of ending a process. */
export interface CancelTimes {
  /** after SIGINT */
  readonly interrupt: Patience;
  /** after SIGTERM */
  readonly terminate: Patience;
  /** for the output of an ended process whose children still hold it open */
  readonly output: number;
}

export const agentCancelTimes: CancelTimes = { interrupt: 7500, terminate: 2500, output: 5000 };

export interface StepProcess {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called with every line of stdout and stderr. */
  readonly onLine: (line: string) => void;
  readonly onStart?: (pid: number) => void;
  /** Aborting is pressing Cancel. */
  readonly cancel?: AbortSignal;
  readonly cancelTimes: CancelTimes;
  /** What cancelling sends first; SIGINT without it. */
  readonly interruptSignal?: NodeJS.Signals;
  readonly watchCommandLines: boolean;
}

export interface ProcessEnd {
  readonly exitCode: number;
  readonly canceled: boolean;
  readonly wroteToStderr: boolean;
  readonly commandLines: readonly string[];
  /** Ends what the process left running; undefined when it left nothing. */
  readonly endLeftovers: (() => void) | undefined;
}

/**
 * Runs a process by the rules of the real agent: stdin is closed, both outputs are read line by line, and cancelling sends
 * SIGINT, then SIGTERM, then kills, always this one process: it must end its own children. It leads a process group of its own
 * so that leftovers are seen. Rejects when the process cannot be started.
 */
export async function runStepProcess(step: StepProcess): Promise<ProcessEnd> {
  const child = spawn(step.file, step.args, {
    cwd: step.cwd,
    env: { ...step.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const { pid } = child;
  const watcher = step.watchCommandLines && pid !== undefined ? new CommandLineWatcher(pid) : undefined;
  if (pid !== undefined) {
    trackGroup(pid);
    step.onStart?.(pid);
  }
  const canceller = new Canceller(child, step);
  const cancel = (): void => {
    canceller.start();
  };
  step.cancel?.addEventListener('abort', cancel);
  if (step.cancel?.aborted === true) cancel();
  try {
    let wroteToStderr = false;
    child.stderr?.on('data', () => (wroteToStderr = true));
    const exitCode = await outcome(child, step);
    const alive = pid !== undefined && (await groupLives(pid));
    return {
      exitCode,
      canceled: canceller.started,
      wroteToStderr,
      commandLines: watcher?.stop() ?? [],
      endLeftovers: alive ? () => endGroup(pid) : undefined,
    };
  } finally {
    watcher?.stop();
    canceller.stop();
    step.cancel?.removeEventListener('abort', cancel);
  }
}

/** Resolves with the exit code once the output is read; 128 + n for a process ended by signal n, as .NET reports it. */
async function outcome(child: ChildProcess, { onLine, cancelTimes }: StepProcess): Promise<number> {
  const scanners = [child.stdout, child.stderr].map((stream) => {
    const scanner = new LineScanner(onLine);
    stream?.on('data', (chunk: Buffer) => {
      scanner.push(chunk);
    });
    return scanner;
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    let patience: NodeJS.Timeout | undefined;
    let code = 0;
    child.once('error', reject);
    child.once('exit', (exitStatus, signal) => {
      code = signal === null ? (exitStatus ?? 0) : 128 + os.constants.signals[signal];
      patience = setTimeout(() => {
        resolve(code);
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, cancelTimes.output);
    });
    child.once('close', () => {
      clearTimeout(patience);
      resolve(code);
    });
  });
  for (const scanner of scanners) scanner.end();
  return exitCode;
}

class Canceller {
  readonly #child: ChildProcess;
  readonly #times: CancelTimes;
  readonly #first: NodeJS.Signals;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  started = false;

  constructor(child: ChildProcess, { cancelTimes, interruptSignal = 'SIGINT' }: StepProcess) {
    this.#child = child;
    this.#times = cancelTimes;
    this.#first = interruptSignal;
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    this.#child.kill(this.#first);
    this.#after(this.#times.interrupt, () => {
      this.#child.kill('SIGTERM');
      this.#after(this.#times.terminate, () => this.#child.kill('SIGKILL'));
    });
  }

  #after(patience: Patience, act: () => void): void {
    const unlessStopped = (): void => (this.#stopped ? undefined : act());
    if (typeof patience === 'number') this.#timer = setTimeout(unlessStopped, patience);
    else void patience.then(unlessStopped);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
