import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Settles when a process has ended; at once where it has already, by itself or by a signal. */
export async function processEnd(
  child: Pick<ChildProcess, 'exitCode' | 'signalCode'> & NodeJS.EventEmitter,
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
