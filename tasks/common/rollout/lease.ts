import { type Clock, machineClock, type Moment, mostSince } from './clock.ts';
import { explainDeleted, explainExpired, explainTaken } from './lease-errors.ts';
import type { LeaseState, LeftWork } from './lease-object.ts';
import { type LeaseClient, LeaseWriter } from './lease-writer.ts';
import { withSuccessor } from './lost-lease.ts';
import { type LeaseContext, type LeaseRequest, takeLease, type TakenLease } from './take-lease.ts';

export { longestLeaseSeconds, type LeftAction, type LeftWork } from './lease-object.ts';
export type { LeaseClient } from './lease-writer.ts';
export type { LeaseContext, LeaseRequest } from './take-lease.ts';

/** So long before others may take over we stop: clocks do not go alike, and what was sent is still on its way. In ms. */
const marginMs = 5000;
/** How often it is looked whether the time is over, which a timer alone would not see after the machine slept. In ms. */
const watchMs = 1000;
/** Between two tries to write, in ms. */
const againMs = 500;

/**
 * The right to work on a release, by which two runs never write at once: a Lease in the release's namespace that is renewed
 * all the time. Kubernetes enforces nothing of it. So whoever writes asks `holds()` right before, and stops when `lost` is
 * aborted; and nobody takes over before the holder must have stopped by its own clock, however long it could not be reached.
 */
export class ReleaseLease {
  readonly takenFromDead: boolean;
  /** What the holder before noted and did not take back; it stays noted until the next `note`. */
  readonly left: LeftWork | undefined;
  readonly #request: LeaseRequest;
  readonly #writer: LeaseWriter;
  readonly #context: LeaseContext;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  readonly #over = new AbortController();
  /** Ends what goes on beside the work. */
  readonly #ends: AbortSignal;
  #state: LeaseState;
  #since: Moment;
  #noted: LeftWork | undefined;
  #failure: unknown;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    request: LeaseRequest,
    writer: LeaseWriter,
    context: LeaseContext,
    clock: Clock,
    taken: TakenLease,
  ) {
    this.#request = request;
    this.#writer = writer;
    this.#context = context;
    this.#clock = clock;
    this.takenFromDead = taken.takenFromDead;
    this.left = taken.left;
    this.#noted = taken.left;
    this.#state = taken.state;
    this.#since = taken.since;
    this.#ends = AbortSignal.any([this.lost, this.#over.signal, context.signal]);
    void this.#keep();
    void this.#watch();
  }

  /**
   * Takes the Lease, waits for it, or takes it over from a run that died; it is renewed from then on, until `release()` or
   * the context's signal.
   * @param client whose own signal should outlive the cancelling of the run, so that the Lease can be given back then
   * @throws TaskError naming the other run when that is alive, or the role that is missing; what the client throws
   */
  static async take(
    request: LeaseRequest,
    client: LeaseClient,
    context: LeaseContext,
    clock = machineClock,
  ): Promise<ReleaseLease> {
    const writer = new LeaseWriter(request, client, clock);
    return new ReleaseLease(request, writer, context, clock, await takeLease(request, writer, context, clock));
  }

  /** Aborted when it was taken, deleted or not renewed in time; the reason is a TaskError for people. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether nobody else can have it at this instant. */
  holds(): boolean {
    return !this.lost.aborted && !this.#over.signal.aborted && this.#leftMs() > 0;
  }

  /**
   * Writes down what is about to be done, before it begins, or that it is done (undefined). It outlives this run.
   * @throws the reason of `lost`: then nothing may begin
   */
  note(work: LeftWork | undefined): Promise<void> {
    this.#noted = work;
    return this.#inTurn(async () => {
      while (!(await this.#renewed())) await this.#clock.pause(againMs, this.lost);
    });
  }

  /** The reason of `lost`, and who has it since, where the API server tells. */
  whyLost(): Promise<unknown> {
    return withSuccessor(this.lost.reason, this.#request, this.#writer);
  }

  /** Gives it back, so that the next run need not wait. A failure is only told: the Lease ends by itself. */
  async release(): Promise<void> {
    if (this.#over.signal.aborted) return;
    const isOurs = this.holds();
    this.#over.abort();
    if (isOurs) await this.#inTurn(() => this.#giveBack());
  }

  #leftMs(): number {
    return this.#request.seconds * 1000 - marginMs - mostSince(this.#since, this.#clock);
  }

  async #keep(): Promise<void> {
    const everyMs = this.#request.seconds * 250;
    let isDone = true;
    while (await this.#rest(isDone ? everyMs - mostSince(this.#since, this.#clock) : againMs)) {
      isDone = await this.#inTurn(() => this.#renewed()).catch(() => false);
    }
  }

  async #watch(): Promise<void> {
    do this.#loseIfExpired();
    while (await this.#rest(Math.min(this.#leftMs(), watchMs)));
  }

  /** A pause of what goes on beside the work. False when there is nothing more to do. */
  async #rest(ms: number): Promise<boolean> {
    if (!this.#ends.aborted) await this.#clock.pause(Math.max(ms, 1), this.#ends).catch(() => undefined);
    return !this.#ends.aborted;
  }

  /**
   * One try to renew. Never once the time is over, even if it would succeed: what was cut off stays so.
   * @throws the reason of `lost`
   */
  async #renewed(): Promise<boolean> {
    this.#loseIfExpired();
    if (this.#over.signal.aborted) return true;
    this.lost.throwIfAborted();
    try {
      const { holder, seconds } = this.#request;
      const written = await this.#writer.write(this.#state, { holder, seconds, left: this.#noted }, this.#leftMs());
      if (written === undefined) await this.#lookAgain();
      else this.#keepState(written.state, written.since);
      this.#failure = undefined;
      return written !== undefined;
    } catch (error) {
      this.lost.throwIfAborted();
      this.#failure = error;
      return false;
    }
  }

  /** Somebody wrote: another holder, a person with kubectl, or we ourselves, whose answer was lost. */
  async #lookAgain(): Promise<void> {
    const state = await this.#writer.read(this.#leftMs());
    if (state === undefined) this.#lose(explainDeleted(this.#request));
    else if (state.holder !== this.#request.holder) this.#lose(explainTaken(this.#request, state.holder));
    else this.#keepState(state, this.#writer.sentAt(state) ?? this.#since);
    this.lost.throwIfAborted();
  }

  async #giveBack(): Promise<void> {
    try {
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        const content = { holder: '', seconds: this.#request.seconds, left: this.#noted };
        if ((await this.#writer.write(this.#state, content)) !== undefined) return;
        await this.#lookAgain();
      }
    } catch (error) {
      if (this.lost.aborted) return;
      this.#context.log.debug(`The Lease could not be given back: ${String(error)}`);
      this.#context.log.info(`The next run may have to wait ${this.#request.seconds} s for the Lease of this one.`);
    }
  }

  #keepState(state: LeaseState, since: Moment): void {
    this.#state = state;
    this.#since = since;
  }

  #loseIfExpired(): void {
    if (this.#leftMs() > 0 || this.#over.signal.aborted) return;
    this.#lose(explainExpired(this.#request, this.#request.seconds, this.#failure));
  }

  #lose(reason: Error): void {
    if (!this.lost.aborted) this.#lost.abort(reason);
  }

  /** One write after the other: they would be in each other's way. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
