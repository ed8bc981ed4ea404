import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { TaskError } from './errors.ts';
import { linesOf } from './lines.ts';
import { log, printable } from './log.ts';

export interface ExecOptions {
  readonly cwd?: string;
  /** Added to the task's own environment; undefined removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the program's standard input: the way for secrets, which never go into `args`. */
  readonly stdin?: string;
  /** Show the program's output in the log as it comes; default true. */
  readonly show?: boolean;
  /** Stop the program after this time; default 10 minutes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program ended with another exit code than 0. */
export class ToolFailure extends TaskError {
  constructor(
    message: string,
    readonly exitCode: number | null,
    readonly stdout: string,
    readonly stderr: string,
  ) {
    super(message);
  }
}

const tenMinutes = 600_000;
/** More than this much output is not kept: a program that floods the log must not fill the memory. */
const keptCharacters = 4 * 1024 * 1024;
const tailLines = 15;
/** Of a line in an error message. */
const tailCharacters = 500;

/**
 * Runs a program without a shell. Its output is shown line by line with every logging command defused.
 * @throws ToolFailure when it ends with another code than 0: the message carries the end of its error output.
 * @throws TaskError when it cannot be started or runs too long; the signal's reason on cancel.
 */
export async function exec(tool: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  // Loaded only here: it would cost a tenth of the time in which a step starts.
  const { spawn } = await import('node:child_process');
  options.signal?.throwIfAborted();
  if (options.show !== false) log.info(`> ${[tool, ...args].join(' ')}`);
  const limit = AbortSignal.timeout(options.timeoutMs ?? tenMinutes);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const child = spawn(tool, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: 'pipe',
    windowsHide: true,
    shell: false,
  });
  // A program that ends without reading its input must not end the task.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const stop = (): void => stopChild(child);
  signal.addEventListener('abort', stop);
  try {
    const [exit, stdout, stderr] = await Promise.all([
      ended(child, tool),
      collect(child.stdout, options.show !== false),
      collect(child.stderr, options.show !== false),
    ]);
    signal.throwIfAborted();
    if (exit !== 0) throw failure(tool, args, exit, stdout, stderr);
    return { stdout: stdout.text, stderr: stderr.text };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!limit.aborted) throw error;
    const seconds = (options.timeoutMs ?? tenMinutes) / 1000;
    throw new TaskError(`${tool} ${args[0] ?? ''} did not end within ${seconds} s and was stopped.`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function ended(child: ChildProcess, tool: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? 'no such program was found' : error.message;
      reject(new TaskError(`${tool} could not be started: ${reason}.`));
    });
    child.on('close', (code) => resolve(code));
  });
}

interface Output {
  /** The first 4 MiB. */
  readonly text: string;
  /** The last lines, for the error message. */
  readonly tail: readonly string[];
}

async function collect(stream: Readable, show: boolean): Promise<Output> {
  const kept: string[] = [];
  const tail: string[] = [];
  let size = 0;
  for await (const line of linesOf(stream)) {
    if (show) tl.writeExternalOutput(`${printable(line)}\n`, { source: 'childProcess' });
    size += line.length + 1;
    if (size <= keptCharacters) kept.push(line);
    if (line.trim() !== '') tail.push(line.trim().slice(0, tailCharacters));
    if (tail.length > tailLines) tail.shift();
  }
  return { text: kept.join('\n'), tail };
}

function failure(
  tool: string,
  args: readonly string[],
  exit: number | null,
  stdout: Output,
  stderr: Output,
): ToolFailure {
  const tail = stderr.tail.length > 0 ? stderr.tail : stdout.tail;
  const how = exit === null ? 'was stopped' : `failed with exit code ${exit}`;
  const told = tail.length > 0 ? tail.join('\n') : 'it printed nothing';
  return new ToolFailure(`${tool} ${args[0] ?? ''} ${how}: ${told}`, exit, stdout.text, stderr.text);
}

/** Asks first, since helm then finishes what it must not leave half done; insists after two seconds. */
function stopChild(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 2000).unref();
  // A program that it started itself may hold its output open for ever.
  const letGo = (): void => [child.stdout, child.stderr].forEach((stream) => stream?.destroy());
  if (child.exitCode === null && child.signalCode === null) child.once('exit', letGo);
  else letGo();
}
