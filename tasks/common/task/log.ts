import * as tl from 'azure-pipelines-task-lib/task.js';
import { printable } from '../text/shown.ts';

/** What a task tells the reader of the pipeline's log. Every text may hold foreign bytes: none can issue a command. */
export interface Log {
  info(text: string): void;
  warning(text: string): void;
  /** An error of the step beside the one that it ends with; it does not end it. */
  error(text: string): void;
  debug(text: string): void;
  /** Shown beside the running step. @param done share of the work, 0 to 1. */
  progress(done: number, what: string): void;
}

function write(text: string): void {
  tl.writeExternalOutput(`${printable(text)}\n`, { source: 'repository' });
}

export const log: Log = {
  info: write,
  warning: (text) => tl.warning(printable(text)),
  error: (text) => tl.error(printable(text)),
  debug: (text) => tl.debug(printable(text)),
  progress: (done, what) => tl.setProgress(Math.floor(done * 100), printable(what)),
};
