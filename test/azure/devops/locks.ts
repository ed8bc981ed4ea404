import type { LockBehavior } from '../../agent/pipelines/run/document.ts';

/** A stage that holds a lock, or waits for it. */
class Claim {
  /** Whether the lock was got, once that is known. */
  readonly isOurs: Promise<boolean>;
  #settle: (isOurs: boolean) => void = () => undefined;

  constructor() {
    this.isOurs = new Promise((resolve) => (this.#settle = resolve));
  }

  settle(isOurs: boolean): void {
    this.#settle(isOurs);
  }
}

/**
 * Exclusive locks: one stage at a time. Whoever waits for one with `runLatest` makes those that waited before give up; with
 * `sequential` all get it, in their order.
 */
export class Locks {
  readonly #holders = new Map<string, Claim>();
  readonly #waiting = new Map<string, Claim[]>();

  /** Waits for a lock. Returns how to give it back; undefined when a newer run came, or the run was cancelled. */
  async take(name: string, behavior: LockBehavior, cancel: AbortSignal): Promise<(() => void) | undefined> {
    const claim = new Claim();
    const queue = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, queue);
    if (behavior === 'runLatest') for (const older of queue.splice(0)) older.settle(false);
    queue.push(claim);
    const giveUp = (): void => {
      this.#waiting.set(
        name,
        (this.#waiting.get(name) ?? []).filter((other) => other !== claim),
      );
      claim.settle(false);
    };
    cancel.addEventListener('abort', giveUp, { once: true });
    if (cancel.aborted) giveUp();
    this.#next(name);
    const isOurs = await claim.isOurs;
    cancel.removeEventListener('abort', giveUp);
    return isOurs ? () => this.#giveBack(name, claim) : undefined;
  }

  #giveBack(name: string, claim: Claim): void {
    if (this.#holders.get(name) !== claim) return;
    this.#holders.delete(name);
    this.#next(name);
  }

  #next(name: string): void {
    if (this.#holders.has(name)) return;
    const claim = this.#waiting.get(name)?.shift();
    if (claim === undefined) return;
    this.#holders.set(name, claim);
    claim.settle(true);
  }
}
