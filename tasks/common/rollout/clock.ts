import { setTimeout as pauseFor } from 'node:timers/promises';

/** The clocks of this machine. */
export interface Clock {
  /** Goes on evenly whatever the time is set to, but on some systems not while the machine sleeps. In ms. */
  monotonicMs(): number;
  /** The time, as the machine believes it: it may jump. In ms since 1970. */
  wallMs(): number;
  /** @throws the signal's reason */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export const machineClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  pause: async (ms, signal) => {
    await pauseFor(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};

/** A moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function momentOf(clock: Clock): Moment {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
}

/**
 * How much time may have passed since, at the most: by whichever clock tells more, since the monotonic one of Linux stands
 * still while a virtual machine is suspended, and the other one may be set. In ms.
 */
export function mostSince({ monotonicMs, wallMs }: Moment, clock: Clock): number {
  return Math.max(clock.monotonicMs() - monotonicMs, Math.abs(clock.wallMs() - wallMs));
}
