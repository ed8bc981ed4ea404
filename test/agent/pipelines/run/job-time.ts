/** In milliseconds: Node's timers know no longer ones. */
const longestTimer = 2 ** 31 - 1;

/** Limits of a job, in minutes, and what cancels it before. */
export interface JobLimits {
  /** 0: none. */
  readonly timeout: number;
  /** For the steps that run though the job is cancelled. */
  readonly cancelTimeout: number;
  readonly cancel: AbortSignal;
}

/** When a job ends before its steps do. */
export class JobTime {
  /** The job is cancelled, or its time is up. */
  readonly end: AbortSignal;
  readonly #timeIsUp = new AbortController();
  readonly #givenUp = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor({ timeout, cancelTimeout, cancel }: JobLimits) {
    this.end = AbortSignal.any([cancel, this.#timeIsUp.signal]);
    if (timeout > 0) this.#abortAfter(timeout, this.#timeIsUp);
    this.end.addEventListener('abort', () => {
      this.#abortAfter(cancelTimeout, this.#givenUp);
    });
  }

  /** The time that a cancelled job has for its last steps is up, too. */
  get giveUp(): AbortSignal {
    return this.#givenUp.signal;
  }

  get isUp(): boolean {
    return this.#timeIsUp.signal.aborted;
  }

  /** The steps are over: nothing is to be ended any more. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #abortAfter(minutes: number, controller: AbortController): void {
    const end = (): void => controller.abort();
    this.#timers.push(setTimeout(end, Math.min(minutes * 60_000, longestTimer)));
  }
}
