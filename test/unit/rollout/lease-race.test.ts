import assert from 'node:assert/strict';
import { array, assert as check, asyncProperty, boolean, constantFrom, integer, record } from 'fast-check';
import { ReleaseLease } from '../../../tasks/common/rollout/lease.ts';
import { atOnce, clientOf, type Fate, LeaseStore, Machine, World } from './world.ts';

const seconds = 60;
/** Until when things go wrong, and how long all goes well after that. In ms. */
const [troubleMs, calmMs] = [600_000, 400_000];

interface Plan {
  readonly offsetMs: number;
  readonly rate: number;
  readonly startMs: number;
  readonly workMs: number;
  readonly sleeps: boolean;
  readonly mishaps: readonly {
    readonly what: 'stop' | 'sleep or set' | 'cut off' | 'die';
    readonly atMs: number;
    readonly forMs: number;
    readonly byMs: number;
    readonly first: number;
  }[];
}

/** What happens to one machine, and when. */
const mishaps = array(
  record({
    what: constantFrom('stop', 'sleep or set', 'sleep or set', 'cut off', 'cut off', 'die'),
    atMs: integer({ min: 0, max: troubleMs }),
    forMs: constantFrom(1000, 14_000, 30_000, 54_000, 61_000, 64_000, 70_000, 130_000),
    byMs: constantFrom(-7_200_000, -61_000, -3000, 2000, 30_000, 58_000, 3_600_000),
    first: integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 8 },
);

const takers = array(
  record({
    offsetMs: constantFrom(0, -7_200_000, 5000, 86_400_000),
    rate: constantFrom(0.999, 1, 1.001),
    startMs: integer({ min: 0, max: 30_000 }),
    workMs: integer({ min: 0, max: 300_000 }),
    /** A clock that is set while its machine sleeps tells nothing, so each has one of the two. */
    sleeps: boolean(),
    mishaps,
  }),
  { minLength: 2, maxLength: 4 },
);

const troubles = [undefined, undefined, undefined, 'lost', 'answer lost', 'answer lost, again', 429, 500] as const;
const ways = [1, 1, 5, 100, 1500, 9000, 25_000, 70_000] as const;

describe('of runs that want the same Lease', () => {
  it('never two hold it at once, and a dead one blocks nobody for long', async () => {
    await check(
      asyncProperty(takers, boolean(), integer(), async (plans, isRough, seed) => {
        const world = new World();
        const store = new LeaseStore();
        const fates = isRough ? fatesOf(seed, world) : () => atOnce;
        const runs = plans.map((plan, index) => new Run(world, store, fates, plan, index));
        const look = (): void => {
          const holders = runs.filter((run) => run.holds);
          assert.ok(holders.length <= 1, `${holders.map(({ name }) => name).join(' and ')} at ${world.nowMs}`);
          for (const run of runs) run.checkLost();
        };
        await world.pass(troubleMs + calmMs, look);
        // Whatever happened: whoever comes now gets it.
        const last = new Run(world, store, () => atOnce, { ...calm, startMs: 0 }, runs.length);
        runs.push(last);
        await world.pass(130_000, look);
        assert.ok(last.had > 0, 'a dead run blocks the others');
      }),
      { numRuns: 250, endOnFailure: true },
    );
  });
});

const calm: Plan = { offsetMs: 0, rate: 1, startMs: 0, workMs: 1000, sleeps: false, mishaps: [] };

const tell = (): void => undefined;

/** A run that takes the Lease, works for a while, gives it back, and begins again. */
class Run {
  readonly name: string;
  had = 0;
  #lease: ReleaseLease | undefined;
  readonly #machine: Machine;
  #cutOffUntilMs = 0;

  constructor(world: World, store: LeaseStore, fates: () => Fate, plan: Plan, index: number) {
    this.name = `run ${index}`;
    this.#machine = new Machine(world, plan.offsetMs, plan.rate);
    const machine = this.#machine;
    for (const { what, atMs, forMs, byMs, first } of plan.mishaps) {
      world.in(atMs, () => {
        if (what === 'die') machine.isDead = true;
        else if (what === 'stop') machine.stop(forMs, false, first);
        else if (what === 'cut off') this.#cutOffUntilMs = world.nowMs + forMs;
        else if (plan.sleeps) machine.stop(forMs, true, first);
        else machine.set(byMs);
      });
    }
    const fateOf = (): Fate => (world.nowMs < this.#cutOffUntilMs ? { ...atOnce, trouble: 'lost' } : fates());
    const client = clientOf(machine, store, fateOf);
    world.in(plan.startMs, () => machine.deliver(() => void this.#work(client, plan.workMs)));
  }

  /** Whether it would write now, or as soon as it goes on. */
  get holds(): boolean {
    return !this.#machine.isDead && !this.#machine.isAsleep && (this.#lease?.holds() ?? false);
  }

  /** Whoever does not hold it any more is told so within moments of its own time. */
  checkLost(): void {
    const [lease, machine] = [this.#lease, this.#machine];
    if (lease === undefined || machine.isDead || machine.isStopped || lease.lost.aborted) return;
    if (lease.holds()) {
      // The clock may have been set there and back, between two looks at it.
      this.#unsure = undefined;
      return;
    }
    this.#unsure ??= machine.monotonicMs();
    assert.ok(machine.monotonicMs() - Math.max(this.#unsure, machine.runsSinceMs) < 1500, `${this.name} is not told`);
  }
  #unsure: number | undefined;

  async #work(client: ReturnType<typeof clientOf>, workMs: number): Promise<void> {
    const { signal } = new AbortController();
    const context = { log: { info: tell, warning: tell, error: tell, debug: tell, progress: tell }, signal };
    do {
      try {
        const holder = `${this.name}, ${this.had}`;
        const request = { release: 'shop', namespace: 'web', holder, seconds, waitMs: 3_600_000, advice: 'x' };
        const lease = await ReleaseLease.take(request, client, context, this.#machine);
        this.had += 1;
        this.#unsure = undefined;
        this.#lease = lease;
        await lease.note({ revision: this.had, action: 'upgrade' }).catch(tell);
        await this.#machine.pause(this.#machine.world.nowMs < troubleMs ? workMs : 0, lease.lost).catch(tell);
        await lease.note(undefined).catch(tell);
        this.#lease = undefined;
        await lease.release();
      } catch {
        // Another one is alive, or the API server was away.
      }
      await this.#machine.pause(5000, signal);
    } while (this.#machine.world.nowMs < troubleMs);
  }
}

/** What becomes of requests, from a seed; nothing bad once the trouble is over. */
function fatesOf(seed: number, world: World): () => Fate {
  let state = seed | 0;
  const next = (below: number): number => {
    // Mulberry32, by Tommy Ettinger; public domain.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  return () => {
    if (world.nowMs > troubleMs) return atOnce;
    const [thereMs = 1, backMs = 1] = [ways[next(ways.length)], ways[next(ways.length)]];
    return { thereMs, backMs, trouble: troubles[next(troubles.length)] };
  };
}
