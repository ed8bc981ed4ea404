/** How long an API server that is gone, or fails, is waited for. In ms. */
export interface OutagePatience {
  /** The first wait; it doubles. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** From the first failed try to the last one. */
  readonly totalMs: number;
}

/** AKS replaces a control plane within seconds; a minute covers that, and what a busy one asks for. */
export const usualOutage: OutagePatience = { firstPauseMs: 500, longestPauseMs: 5000, totalMs: 60_000 };

/** The tries of one request that failed, one after the other. */
export class Outage {
  readonly #patience: OutagePatience;
  #pauseMs: number;
  #since: number | undefined;

  constructor(patience: OutagePatience) {
    this.#patience = patience;
    this.#pauseMs = patience.firstPauseMs;
  }

  /** How long to wait before the next try; undefined when there is none. @param askedMs what the server asked for */
  nextPauseMs(askedMs = 0): number | undefined {
    this.#since ??= performance.now();
    const { longestPauseMs, totalMs } = this.#patience;
    // Jobs that lost the same API server do not all come back at once.
    const pause = Math.max(this.#pauseMs * (0.75 + Math.random() / 2), askedMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    return performance.now() - this.#since + pause > totalMs ? undefined : pause;
  }
}
