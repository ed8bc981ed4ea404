import type { RecordedRequest } from './request-log.ts';

/**
 * What can go wrong on the way: an error status; the connection `reset` before the request is read; `lostAnswer`, where
 * the request takes effect and the connection is cut before its answer; a server that `hang`s; a body cut short
 * (`truncate`) or with one byte changed (`tamper`); a sign-in page (`html`) in the place of the answer.
 */
export type FaultKind =
  '400' | '401' | '403' | '429' | '500' | '503' | 'reset' | 'lostAnswer' | 'hang' | 'truncate' | 'tamper' | 'html';

export interface Fault {
  readonly kind: FaultKind;
  /** Which requests are hit; all when absent. */
  readonly match?: (request: RecordedRequest) => boolean;
  /** How many matching requests come through first; none when absent. */
  readonly skip?: number;
  /** How many matching requests are hit before the fault is over; one when absent. */
  readonly times?: number;
  /** Value of the Retry-After header of a 429, 500 or 503. */
  readonly retryAfter?: string;
  /** The message of an error status; some trouble if absent. */
  readonly says?: string;
}

/** A fault in force. */
export interface FaultHandle {
  /** How many requests it has hit so far. */
  readonly hits: number;
  /** Ends it. */
  lift(): void;
}

/** The faults in force, tried in the order in which they were injected. */
export class Faults {
  readonly #active = new Set<ActiveFault>();

  inject(fault: Fault): FaultHandle {
    const active = { ...fault, seen: 0, hits: 0, lift: () => void this.#active.delete(active) };
    this.#active.add(active);
    return active;
  }

  /** The fault that hits this request, if any; counts the hit. */
  strike(request: RecordedRequest): Fault | undefined {
    for (const fault of this.#active) {
      if (fault.match !== undefined && !fault.match(request)) continue;
      fault.seen += 1;
      if (fault.seen <= (fault.skip ?? 0)) continue;
      fault.hits += 1;
      if (fault.hits >= (fault.times ?? 1)) this.#active.delete(fault);
      return fault;
    }
    return undefined;
  }
}

interface ActiveFault extends Fault, FaultHandle {
  /** How many requests matched so far. */
  seen: number;
  hits: number;
}
