import { spawn, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import { Canceller, type CancelTimes } from './canceller.ts';
import { CommandLineWatcher } from './command-line-watcher.ts';
import { LineScanner } from './line-scanner.ts';
import { endGroup, groupLives, trackGroup } from './process-groups.ts';

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
  /** Aborting kills the process and all that it started, without any waiting. */
  readonly kill?: AbortSignal;
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
  const kill = (): void => {
    canceller.kill();
    if (pid !== undefined) endGroup(pid);
  };
  const cancel = (): void => {
    if (step.kill?.aborted === true) kill();
    else canceller.start();
  };
  step.cancel?.addEventListener('abort', cancel);
  step.kill?.addEventListener('abort', kill);
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
    step.kill?.removeEventListener('abort', kill);
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
