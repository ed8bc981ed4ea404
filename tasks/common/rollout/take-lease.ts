import { ApiRefusal } from '../cluster/client.ts';
import type { TaskContext } from '../task/context.ts';
import { type Clock, type Moment } from './clock.ts';
import { shownHolder } from './holder.ts';
import { explainConflicts, explainHeld, LeaseForbidden, type LeaseOf } from './lease-errors.ts';
import type { LeaseState, LeftWork } from './lease-object.ts';
import type { LeaseWriter } from './lease-writer.ts';

export type LeaseContext = Pick<TaskContext, 'log' | 'signal'>;

/** A Lease that somebody wants to have. */
export interface LeaseRequest extends LeaseOf {
  /** The run's address and a unique part (holder.ts). */
  readonly holder: string;
  /** For how long it is valid after each renewal; at most `longestLeaseSeconds`, and no less than 40 to outlast an outage of 20 s. */
  readonly seconds: number;
  /** How long to wait for another run that is alive; 0 to fail as soon as it shows that it is. */
  readonly waitMs: number;
}

/** A Lease that was just taken. */
export interface TakenLease {
  readonly state: LeaseState;
  /** Before it was written. */
  readonly since: Moment;
  readonly takenFromDead: boolean;
  readonly left: LeftWork | undefined;
}

/** How often another run's Lease is looked at, in ms; a fraction of its time where that is short. */
const lookMs = 3000;
const heartbeatMs = 60_000;
/** Somebody is faster once or twice, and then holds it. */
const mostConflicts = 100;
/** How long an API server that is away is waited for; a write that it did not answer is looked for and done again. In ms. */
const patienceMs = 60_000;
const mostFailures = 3;

/**
 * Takes a Lease that nobody holds, or whose holder has not renewed it for as long as it is valid: as long as we have seen
 * it unchanged, by our own monotonic clock, since the clocks of two machines are never to be compared. So a run that finds
 * another one's Lease needs that time to know a dead run from a living one, also when it is not to wait for living ones.
 * @throws TaskError naming the other run when that is alive and the wait is over, where a right is missing, or when every
 *   write meets a conflict though nobody has it
 */
export async function takeLease(
  request: LeaseRequest,
  writer: LeaseWriter,
  context: LeaseContext,
  clock: Clock,
): Promise<TakenLease> {
  const watch = new Watch(request, context, clock);
  let conflicts = 0;
  for (let [triedDead, failures] = [false, 0]; ;) {
    const there = await writer.read(patienceMs);
    const mine = there?.holder === request.holder ? writer.sentAt(there) : undefined;
    if (there !== undefined && mine !== undefined) {
      return { state: there, since: mine, takenFromDead: triedDead, left: there.left };
    }
    const isDead = there !== undefined && there.holder !== '' && watch.isDead(there);
    if (there === undefined || there.holder === '' || isDead) {
      triedDead = isDead;
      const { holder, seconds } = request;
      const written = await writer.write(there, { holder, seconds, left: there?.left }).catch((error: unknown) => {
        failures += 1;
        if (failures === mostFailures || isMeant(error, context)) throw error;
      });
      if (written !== undefined) return { ...written, takenFromDead: isDead, left: there?.left };
      conflicts += 1;
      if (conflicts > mostConflicts) throw explainConflicts(request);
      // Somebody was faster; but no hurry, if it goes on like this.
      await clock.pause(lookMs / 100, context.signal);
    } else {
      conflicts = 0;
      await watch.wait(there);
    }
  }
}

function isMeant(error: unknown, { signal }: LeaseContext): boolean {
  return signal.aborted || error instanceof LeaseForbidden || error instanceof ApiRefusal;
}

const minutes = (ms: number): string => `${Math.floor(ms / 60_000)}`;

/** What is seen of another holder. */
class Watch {
  readonly #request: LeaseRequest;
  readonly #context: LeaseContext;
  readonly #clock: Clock;
  readonly #began: number;
  #told: number | undefined;
  #seen: { readonly what: string; readonly since: number } | undefined;
  #isAlive = false;

  constructor(request: LeaseRequest, context: LeaseContext, clock: Clock) {
    this.#request = request;
    this.#context = context;
    this.#clock = clock;
    this.#began = clock.monotonicMs();
  }

  /** Whether a holder has not renewed for as long as its Lease is valid, or ours would be. */
  isDead(state: LeaseState): boolean {
    const what = JSON.stringify([state.holder, state.renewed]);
    if (this.#seen?.what !== what) {
      this.#isAlive = this.#seen !== undefined;
      this.#seen = { what, since: this.#clock.monotonicMs() };
    }
    const isDead = this.#leftMs(state) <= 0;
    if (isDead) {
      this.#context.log.info(
        `${shownHolder(state.holder)} has not renewed its Lease for ${this.#validMs(state) / 1000} s and counts as dead: ` +
          'taking over.',
      );
    }
    return isDead;
  }

  /** Waits until it is worth looking again. @throws TaskError naming the holder when it is alive and the wait is over */
  async wait(state: LeaseState): Promise<void> {
    const { waitMs } = this.#request;
    const waitedMs = this.#clock.monotonicMs() - this.#began;
    if (this.#isAlive && waitedMs >= waitMs) throw explainHeld(this.#request, state.holder, waitedMs);
    if (this.#told === undefined || waitedMs - this.#told >= heartbeatMs) {
      this.#tell(state.holder, waitedMs);
      this.#told = waitedMs;
    }
    const pauseMs = Math.min(lookMs, this.#request.seconds * 50, Math.max(this.#leftMs(state), 1));
    await this.#clock.pause(pauseMs, this.#context.signal);
  }

  #tell(holder: string, waitedMs: number): void {
    const { release, waitMs } = this.#request;
    const what =
      this.#told === undefined
        ? `Another run works on release '${release}', or died at it: ${shownHolder(holder)}.`
        : `Still waiting for ${shownHolder(holder)}.`;
    const until = waitMs > 0 ? ` Waiting since ${minutes(waitedMs)} of at most ${minutes(waitMs)} min.` : '';
    this.#context.log.info(what + until);
  }

  #validMs(state: LeaseState): number {
    return Math.max(this.#request.seconds, state.seconds) * 1000;
  }

  /** How long the holder still has. */
  #leftMs(state: LeaseState): number {
    const since = this.#seen?.since ?? this.#clock.monotonicMs();
    return since + this.#validMs(state) - this.#clock.monotonicMs();
  }
}
