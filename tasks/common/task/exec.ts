import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { linesOf } from '../text/lines.ts';
import { log } from './log.ts';
import { masked } from '../text/shown.ts';
import { printable } from '../text/shown.ts';
import { TaskError } from './outcome.ts';
import { childEnvironment, isWholePath } from './program.ts';

export interface ExecOptions {
  readonly cwd?: string;
  /** Added to what programs have of the task's environment (see program.ts); undefined removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the program's standard input: the way for secrets, which never go into `args`. */
  readonly stdin?: string;
  /** Show the program's output in the log as it comes; default true. */
  readonly show?: boolean;
  /** Told each line of the program's output as it comes, as the program wrote it: foreign text. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Stop the program after this time; default 10 minutes. Whoever waits for more, as helm --wait does, says so. */
  readonly timeoutMs?: number;
  /** Stop the program when one of its outputs grows beyond this, in bytes; default 4 MiB. Nothing is ever cut. */
  readonly maxOutput?: number;
  readonly signal?: AbortSignal;
  /** How long a program that is asked to stop may take before it is killed; default 2 seconds. */
  readonly graceMs?: number;
}

/** Both outputs, whole, with `\n` between their lines and none at the end. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program ended with another exit code than 0. */
export class ToolFailure extends TaskError {
  constructor(
    message: string,
    /** Null for a program that a signal ended. */
    readonly exitCode: number | null,
    readonly stdout: string,
    readonly stderr: string,
    /** What ended it, such as SIGKILL; null where it ended by itself, as all do on Windows. */
    readonly endedBy: NodeJS.Signals | null = null,
  ) {
    super(message);
  }
}

/** A program took longer than it may, and was stopped. */
export class ToolTimeout extends TaskError {}

const tenMinutes = 600_000;
const twoSeconds = 2000;
/** A program that prints without end must not fill the memory, and half an output must not be taken for the whole. */
const mostOutput = 4 * 1024 * 1024;
const tailLines = 15;
/** Of a line in an error message. */
const tailCharacters = 500;

/**
 * Runs a program without a shell. Its output is shown line by line with every logging command defused.
 * @param program its absolute path (see program.ts)
 * @throws ToolFailure when it ends with another code than 0: the message carries the end of its error output.
 * @throws ToolTimeout when it runs too long.
 * @throws TaskError when it cannot be started or prints too much; the signal's reason on cancel, once it has ended.
 */
export async function exec(program: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  if (!isWholePath(program)) throw new Error(`A program is started by its absolute path, not as '${program}'.`);
  // Loaded only here: it would cost a tenth of the time in which a step starts.
  const { spawn } = await import('node:child_process');
  options.signal?.throwIfAborted();
  if (options.show !== false) log.info(`> ${[program, ...args].join(' ')}`);
  const limit = AbortSignal.timeout(options.timeoutMs ?? tenMinutes);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const env = childEnvironment(options.env);
  const tool = path.basename(program).replace(/\.exe$/i, '');
  const child = spawn(program, args, { cwd: options.cwd, env, stdio: 'pipe', windowsHide: true, shell: false });
  // A program that ends without reading its input must not end the task.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const stop = (): void => stopChild(child, options.graceMs ?? twoSeconds);
  signal.addEventListener('abort', stop);
  try {
    const [exit, stdout, stderr] = await Promise.all([
      ended(child, program),
      collect(child.stdout, 'stdout', options),
      collect(child.stderr, 'stderr', options),
    ]);
    signal.throwIfAborted();
    if (exit !== 0) throw failure(tool, args, { exit, endedBy: child.signalCode }, stdout, stderr);
    return { stdout: stdout.text, stderr: stderr.text };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof TooMuchOutput) {
      stop();
      throw new TaskError(
        `${tool} ${args[0] ?? ''} printed more than ${options.maxOutput ?? mostOutput} bytes and was stopped.`,
      );
    }
    if (!limit.aborted) throw error;
    const seconds = (options.timeoutMs ?? tenMinutes) / 1000;
    throw new ToolTimeout(`${tool} ${args[0] ?? ''} did not end within ${seconds} s and was stopped.`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function ended(child: ChildProcess, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? 'no such program was found' : error.message;
      reject(new TaskError(`${program} could not be started: ${reason}.`));
    });
    child.on('close', (code) => resolve(code));
  });
}

class TooMuchOutput extends Error {}

interface Output {
  readonly text: string;
  /** The last lines, for the error message. */
  readonly tail: readonly string[];
}

async function collect(
  stream: Readable,
  name: 'stdout' | 'stderr',
  { show = true, onLine, maxOutput = mostOutput }: ExecOptions,
): Promise<Output> {
  const kept: Buffer[] = [];
  const tail: string[] = [];
  for await (const line of linesOf(keeping(stream, kept, maxOutput))) {
    if (show) tl.writeExternalOutput(`${printable(line)}\n`, { source: 'childProcess' });
    onLine?.(line, name);
    if (line.trim() !== '') tail.push(masked(line.trim()).slice(0, tailCharacters));
    if (tail.length > tailLines) tail.shift();
  }
  const text = Buffer.concat(kept).toString('utf8');
  return { text: text.replace(/\r\n/g, '\n').replace(/\n$/, ''), tail };
}

async function* keeping(stream: Readable, kept: Buffer[], most: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > most) throw new TooMuchOutput();
    kept.push(bytes);
    yield bytes;
  }
}

function failure(
  tool: string,
  args: readonly string[],
  { exit, endedBy }: { readonly exit: number | null; readonly endedBy: NodeJS.Signals | null },
  stdout: Output,
  stderr: Output,
): ToolFailure {
  const tail = stderr.tail.length > 0 ? stderr.tail : stdout.tail;
  const how = exit === null ? 'was stopped' : `failed with exit code ${exit}`;
  const told = tail.length > 0 ? tail.join('\n') : 'it printed nothing';
  return new ToolFailure(`${tool} ${args[0] ?? ''} ${how}: ${told}`, exit, stdout.text, stderr.text, endedBy);
}

/** Asks first, since helm then finishes what it must not leave half done; insists after the grace. */
function stopChild(child: ChildProcess, graceMs: number): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
  // A program that it started itself may hold its output open for ever.
  const letGo = (): void => [child.stdout, child.stderr].forEach((stream) => stream?.destroy());
  if (child.exitCode === null && child.signalCode === null) child.once('exit', letGo);
  else letGo();
}
