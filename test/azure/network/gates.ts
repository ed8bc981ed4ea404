import type { RecordedRequest } from './request-log.ts';

/**
 * A place where a request stops until the test has done something, such as ending a program at exactly that moment. Only
 * for hosts that read the bodies of requests whole, as API servers do.
 */
export interface Gate {
  /** Which requests it is for; all when absent. */
  readonly match?: (request: RecordedRequest) => boolean;
  /**
   * `before` a request takes effect, when all of it has arrived; or `after` it took effect, before the answer. The
   * former if absent.
   */
  readonly when?: 'before' | 'after';
  /** Which of the matching requests stops, counted from 1; the first if absent. */
  readonly nth?: number;
  /** The request goes on when this is done, even if its sender is gone; `cut` ends the connection instead. */
  readonly act: (request: RecordedRequest) => Promise<'cut' | void> | 'cut' | void;
}

/** A request that waits. */
export interface Held {
  /** Settles when there is one. */
  readonly reached: Promise<RecordedRequest>;
  /** Lets it go on, or cuts its connection; a request that comes later goes through. */
  release(how?: 'cut'): void;
}

/** The gates that stand; each stops one request. */
export class Gates {
  readonly #standing = new Map<Gate, number>();

  /** Sets a gate up; the returned function takes it away. */
  add(gate: Gate): () => void {
    this.#standing.set(gate, gate.nth ?? 1);
    return () => this.#standing.delete(gate);
  }

  hold(gate: Omit<Gate, 'act'>): Held {
    let release!: (how?: 'cut') => void;
    let reach!: (request: RecordedRequest) => void;
    const released = new Promise<'cut' | undefined>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<RecordedRequest>((resolve) => {
      reach = resolve;
    });
    const remove = this.add({
      ...gate,
      act: async (request) => {
        reach(request);
        if ((await released) === 'cut') return 'cut';
        return undefined;
      },
    });
    return {
      reached,
      release(how) {
        remove();
        release(how);
      },
    };
  }

  /** The gates that stop a request before it takes effect, or after. */
  at(request: RecordedRequest, when: 'before' | 'after'): Gate[] {
    const reached: Gate[] = [];
    for (const [gate, left] of this.#standing) {
      if ((gate.when ?? 'before') !== when || gate.match?.(request) === false) continue;
      this.#standing.set(gate, left - 1);
      if (left > 1) continue;
      this.#standing.delete(gate);
      reached.push(gate);
    }
    return reached;
  }
}

/** Waits at gates. @returns whether the connection is to be cut */
export async function pass(gates: readonly Gate[], request: RecordedRequest): Promise<boolean> {
  let isCut = false;
  for (const gate of gates) isCut = (await gate.act(request)) === 'cut' || isCut;
  return isCut;
}
