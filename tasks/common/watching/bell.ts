/** Tells listeners that something changed: once for all that changes within a moment. */
export class Bell {
  readonly #listeners = new Set<() => void>();
  readonly #momentMs: number;
  #due: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(momentMs: number) {
    this.#momentMs = momentMs;
  }

  /** @returns the way to stop it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  ring(): void {
    if (this.#isClosed) return;
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      for (const listener of this.#listeners) listener();
    }, this.#momentMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#due);
    this.#listeners.clear();
  }
}
