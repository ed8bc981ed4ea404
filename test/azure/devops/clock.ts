/** The organisation's clock, which only tests move. It begins on a Monday at eight, UTC. */
export class Clock {
  readonly #start = Date.UTC(2026, 0, 5, 8);
  readonly #waiting = new Set<() => void>();
  #minutes = 0;

  /** Minutes since it began. */
  get minutes(): number {
    return this.#minutes;
  }

  get time(): Date {
    return new Date(this.#start + this.#minutes * 60_000);
  }

  /** Goes on minute by minute, so that nothing between is missed. */
  pass(minutes: number): void {
    for (const end = this.#minutes + minutes; this.#minutes < end;) {
      this.#minutes += 1;
      for (const look of this.#waiting) look();
    }
  }

  /** Settles once `isDue`, or when the waiting is called off. */
  async until(isDue: () => boolean, cancel: AbortSignal): Promise<void> {
    if (isDue() || cancel.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        this.#waiting.delete(look);
        cancel.removeEventListener('abort', end);
        resolve();
      };
      const look = (): void => {
        if (isDue()) end();
      };
      this.#waiting.add(look);
      cancel.addEventListener('abort', end, { once: true });
    });
  }
}
