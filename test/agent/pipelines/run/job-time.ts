/** In milliseconds: Node's timers know no longer ones. */
const longestTimer = 2 ** 31 - 1;

/** When a job ends before its steps do. */
export class JobTime {
  /** The job is cancelled, or its time is up. */
  readonly end: AbortSignal;
  readonly #timeIsUp = new AbortController();
  readonly #limit: NodeJS.Timeout | undefined;

  /**
   * @param minutes 0: no limit
   * @param cancel aborted when the run is cancelled
   */
  constructor(minutes: number, cancel: AbortSignal) {
    this.end = AbortSignal.any([cancel, this.#timeIsUp.signal]);
    if (minutes === 0) return;
    const end = (): void => this.#timeIsUp.abort();
    this.#limit = setTimeout(end, Math.min(minutes * 60_000, longestTimer));
  }

  get isUp(): boolean {
    return this.#timeIsUp.signal.aborted;
  }

  /** The steps are over: nothing is to be ended any more. */
  stop(): void {
    clearTimeout(this.#limit);
  }
}
