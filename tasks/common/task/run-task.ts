import * as tl from 'azure-pipelines-task-lib/task.js';
import { taskContext, type TaskContext } from './context.ts';
import { InputReader } from './inputs.ts';
import { log } from './log.ts';
import { printable } from '../text/shown.ts';
import { Cancelled, messageOf, type Outcome, TaskError } from './outcome.ts';
import { PrivateFolder } from './private-folder.ts';
import { addSummary } from './publish.ts';
import { secretsOfStep } from './secrets.ts';
import { learnSecret } from '../text/shown.ts';

/** A task's story: does the work and returns how it ended, or the message alone of a plain success. */
export type Main<Inputs, Output extends string> = (
  inputs: Inputs,
  context: TaskContext<Output>,
) => Promise<string | Outcome>;

interface PrivateFolders {
  readonly step: PrivateFolder;
  readonly job: PrivateFolder;
}

/** The agent sends SIGTERM 7.5 s after SIGINT and kills 2.5 s later; by then the step must have cleaned up. */
const patienceMs = 5000;

/**
 * Runs one step: reads the inputs, tells the story, reports the result, leaves nothing behind. This is the only place
 * that sets the result; the exit code stays 0, because the agent takes the result from the command.
 * @param loadMain loads the story and its libraries, which a step with wrong inputs need not wait for.
 */
export async function runTask<Inputs, Output extends string>(
  readInputs: (reader: InputReader) => Inputs,
  loadMain: () => Promise<Main<Inputs, Output>>,
): Promise<void> {
  // Libraries use what newer Node versions deprecate; the reader of a log can do nothing about it.
  process.noDeprecation = true;
  // By these libraries print what servers answer, unmasked and to stderr, where the agent finds commands, too.
  delete process.env['AZURE_LOG_LEVEL'];
  delete process.env['DEBUG'];
  const folders = { step: new PrivateFolder('step'), job: new PrivateFolder('job') };
  const cancelled = cancellation(folders);
  const over = new AbortController();
  endOnDefects(folders, cancelled, over.signal);
  try {
    for (const { value } of secretsOfStep([])) learnSecret(value);
    const inputs = readInputs(new InputReader());
    const main = await loadMain();
    const outcome = await main(inputs, taskContext<Output>(AbortSignal.any([cancelled, over.signal]), folders));
    cancelled.throwIfAborted();
    report(typeof outcome === 'string' ? { message: outcome } : outcome, folders);
  } catch (error) {
    folders.job.remove();
    if (cancelled.aborted) reportCancelled();
    else reportFailure(error);
  } finally {
    folders.step.remove();
    // What is still on its way is of no use to anybody, and the process would wait for it.
    over.abort(new Cancelled('The step is over.'));
  }
}

function report({ message, result = 'Succeeded', summary }: Outcome, folders: PrivateFolders): void {
  if (summary !== undefined) addSummary(summary);
  if (result === 'Failed') folders.job.remove();
  else log.info(message);
  tl.setResult(tl.TaskResult[result], printable(message));
}

function cancellation(folders: PrivateFolders): AbortSignal {
  const controller = new AbortController();
  const cancel = (): void => {
    if (controller.signal.aborted) return;
    controller.abort(new Cancelled('The run was cancelled.'));
    setTimeout(() => {
      folders.step.remove();
      folders.job.remove();
      reportCancelled();
      process.exit(0);
    }, patienceMs).unref();
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  return controller.signal;
}

/**
 * An error in an event, such as one in a library's stream, reaches no promise. task-lib's own listener would report it as it
 * is, secrets included, and leave the private folders to the post-job step.
 */
function endOnDefects(folders: PrivateFolders, cancelled: AbortSignal, over: AbortSignal): void {
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => {
    if (over.aborted) return;
    folders.step.remove();
    folders.job.remove();
    if (cancelled.aborted) reportCancelled();
    else reportFailure(error);
    process.exit(0);
  });
}

/** task-lib's own enum says `Cancelled`, which the agent, whose word is `Canceled`, refuses. */
function reportCancelled(): void {
  tl.command('task.complete', { result: 'Canceled' }, 'The run was cancelled; the step stopped and can be run again.');
}

function reportFailure(error: unknown): void {
  if (!(error instanceof TaskError)) {
    log.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const text = error instanceof TaskError ? error.message : `Unexpected error: ${messageOf(error)}`;
  tl.setResult(tl.TaskResult.Failed, printable(text));
}
