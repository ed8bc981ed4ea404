import type { ChildProcess } from 'node:child_process';

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

/** Ends one process by the agent's means: a first signal, SIGTERM, SIGKILL. */
export class Canceller {
  readonly #child: ChildProcess;
  readonly #times: CancelTimes;
  readonly #first: NodeJS.Signals;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  started = false;

  constructor(
    child: ChildProcess,
    { cancelTimes, interruptSignal = 'SIGINT' }: { cancelTimes: CancelTimes; interruptSignal?: NodeJS.Signals },
  ) {
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

  /** The last means at once. */
  kill(): void {
    this.started = true;
    this.stop();
    this.#child.kill('SIGKILL');
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #after(patience: Patience, act: () => void): void {
    const unlessStopped = (): void => (this.#stopped ? undefined : act());
    if (typeof patience === 'number') this.#timer = setTimeout(unlessStopped, patience);
    else void patience.then(unlessStopped);
  }
}
