/** A tenth of a kubelet's, which begins with 10 s (kubernetes, pkg/kubelet/kubelet.go, initialCrashLoopBackOff and imageBackOffPeriod). */
const firstMs = 1000;
const longestMs = 30_000;

/** When what failed is tried again: every time after twice as long as the time before. */
export class BackOffs {
  readonly #waiting = new Map<string, { readonly until: number; readonly ms: number }>();

  /** How long this one still has to wait, in ms; 0 when its time has come, or when it never failed. */
  left(key: string): number {
    return Math.max((this.#waiting.get(key)?.until ?? 0) - Date.now(), 0);
  }

  /** How long it will be the next time, in ms. */
  next(key: string): number {
    const before = this.#waiting.get(key);
    return before === undefined ? firstMs : Math.min(before.ms * 2, longestMs);
  }

  /** It failed. @returns the time until it is tried again, in ms */
  failed(key: string): number {
    const ms = this.next(key);
    this.#waiting.set(key, { until: Date.now() + ms, ms });
    return ms;
  }

  forget(key: string): void {
    this.#waiting.delete(key);
  }
}
