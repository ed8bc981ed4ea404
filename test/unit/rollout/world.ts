import type { LeaseClient } from '../../../tasks/common/rollout/lease.ts';
import type { Clock } from '../../../tasks/common/rollout/clock.ts';
import { ApiRefusal, type KubernetesObject, type RequestLimits } from '../../../tasks/common/cluster/client.ts';

/** Time that passes only when something happens next, for everything that is asked of it. */
export class World {
  nowMs = 0;
  #count = 0;
  #events: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];

  in(ms: number, run: () => void): void {
    this.#count += 1;
    this.#events.push({ atMs: this.nowMs + Math.max(ms, 0), order: this.#count, run });
  }

  /** Lets time pass. @param look is called after all that happens */
  async pass(ms: number, look: () => void = () => undefined): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      look();
      this.#events.sort((one, other) => one.atMs - other.atMs || one.order - other.order);
      const next = this.#events[0];
      if (next === undefined || next.atMs > endMs) break;
      this.#events.shift();
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = endMs;
  }

  /** Lets time pass until it is settled. */
  async until<Result>(work: Promise<Result>, mostMs = 3_600_000): Promise<Result> {
    const over = new AbortController();
    work.then(
      () => over.abort(),
      () => over.abort(),
    );
    for (const endMs = this.nowMs + mostMs; !over.signal.aborted;) {
      if (this.nowMs >= endMs) throw new Error('It is not settled.');
      await this.pass(100);
    }
    return work;
  }
}

/** The clocks of one machine, which may stand still, sleep, be set or die, and what reaches its process when. */
export class Machine implements Clock {
  readonly world: World;
  /** Of the monotonic clock: no two go alike. */
  readonly rate: number;
  isDead = false;
  /** When it last went on, in the world's time. */
  runsSinceMs = 0;
  #offsetMs: number;
  #slept = 0;
  #sleepsSince: number | undefined;
  #stops = 0;
  #held: (() => void)[] = [];

  constructor(world: World, offsetMs = 0, rate = 1) {
    this.world = world;
    this.rate = rate;
    this.#offsetMs = offsetMs;
  }

  monotonicMs(): number {
    return ((this.#sleepsSince ?? this.world.nowMs) - this.#slept) * this.rate;
  }

  wallMs(): number {
    return Date.UTC(2026, 10, 26) + this.world.nowMs + this.#offsetMs;
  }

  pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      this.world.in(ms / this.rate, () =>
        this.deliver(() => {
          signal.removeEventListener('abort', stop);
          resolve();
        }),
      );
    });
  }

  /** What happens in its process, at once or when it goes on. */
  deliver(run: () => void): void {
    if (this.isDead) return;
    if (this.isStopped) this.#held.push(run);
    else run();
  }

  get isStopped(): boolean {
    return this.#stops > 0;
  }

  get isAsleep(): boolean {
    return this.#sleepsSince !== undefined;
  }

  /** The clock is set. */
  set(byMs: number): void {
    this.#offsetMs += byMs;
  }

  /**
   * The process is stopped (SIGSTOP) for a while, or the machine sleeps, monotonic clock included.
   * @param first which of all that waited comes first; the order in which things come then is nobody's to choose
   */
  stop(ms: number, sleeps = false, first = 0): void {
    this.#stops += 1;
    if (sleeps) this.#sleepsSince ??= this.world.nowMs;
    this.world.in(ms, () => {
      this.#stops -= 1;
      if (this.isStopped) return;
      if (this.#sleepsSince !== undefined) this.#slept += this.world.nowMs - this.#sleepsSince;
      this.#sleepsSince = undefined;
      this.runsSinceMs = this.world.nowMs;
      const held = this.#held.splice(0);
      const start = held.length === 0 ? 0 : first % held.length;
      // One after the other, each with all that follows from it, as Node does.
      for (const run of [...held.slice(start), ...held.slice(0, start)]) this.world.in(0, () => this.deliver(run));
    });
  }
}

/** What becomes of one request. */
export interface Fate {
  /** On the way there and back, in ms. */
  readonly thereMs: number;
  readonly backMs: number;
  /** Not done and an error; done, but the answer is lost; the same, and the client tries again by itself. */
  readonly trouble?: number | 'lost' | 'answer lost' | 'answer lost, again' | undefined;
}

export const atOnce: Fate = { thereMs: 1, backMs: 1 };

/** The Leases of an API server: every write has a version, and one that was made for an older one is a conflict. */
export class LeaseStore {
  readonly objects = new Map<string, KubernetesObject>();
  readonly writes: { readonly path: string; readonly object: KubernetesObject }[] = [];
  /** Every request gets this status instead, if one is given. */
  refuses: ((method: string) => number | undefined) | undefined;
  #version = 0;

  get(path: string): KubernetesObject | undefined {
    this.#refuse('get');
    return structuredClone(this.objects.get(path));
  }

  create(path: string, object: KubernetesObject): KubernetesObject {
    this.#refuse('create');
    const whole = `${path}/${object.metadata.name ?? ''}`;
    if (this.objects.has(whole)) throw refusal(409, 'AlreadyExists');
    return this.put(whole, object);
  }

  replace(path: string, object: KubernetesObject): KubernetesObject {
    this.#refuse('replace');
    const there = this.objects.get(path);
    if (there === undefined) throw refusal(404, 'NotFound');
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== there.metadata.resourceVersion) throw refusal(409, 'Conflict');
    return this.put(path, object);
  }

  /** Writes as somebody who asks nobody. */
  put(path: string, object: KubernetesObject): KubernetesObject {
    this.#version += 1;
    const written = structuredClone({
      ...object,
      metadata: { ...object.metadata, resourceVersion: `${this.#version}` },
    });
    this.objects.set(path, written);
    this.writes.push({ path, object: written });
    return structuredClone(written);
  }

  #refuse(method: string): void {
    const status = this.refuses?.(method);
    if (status !== undefined) throw refusal(status, status === 403 ? 'Forbidden' : 'Trouble');
  }
}

export function refusal(status: number, reason: string): ApiRefusal {
  return new ApiRefusal(`refused: ${status}`, { status, reason, said: `said ${status}` });
}

/** The client of one machine. @param fateOf is asked for each request */
export function clientOf(machine: Machine, store: LeaseStore, fateOf: () => Fate = () => atOnce): LeaseClient {
  const { world } = machine;
  const send = <Result>(apply: () => Result, limits: RequestLimits = {}): Promise<Result> =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown): void => machine.deliver(() => reject(error));
      if (limits.timeoutMs !== undefined) world.in(limits.timeoutMs, () => fail(new Error('no answer in time')));
      const attempt = (mayRepeat: boolean): void => {
        const { thereMs, backMs, trouble } = fateOf();
        world.in(thereMs, () => {
          const answer =
            typeof trouble === 'number' ? () => Promise.reject(refusal(trouble, 'Trouble')) : outcome(apply, trouble);
          world.in(backMs, () => {
            if (trouble === 'answer lost, again' && mayRepeat) machine.deliver(() => attempt(false));
            else if (typeof trouble === 'string') fail(new Error('the connection broke'));
            else answer().then((result) => machine.deliver(() => resolve(result)), fail);
          });
        });
      };
      attempt(true);
    });
  return {
    get: (path, limits) => send(() => store.get(path), limits),
    create: (path, object, limits) => send(() => store.create(path, asObject(object)), limits),
    replace: (path, object, limits) => send(() => store.replace(path, asObject(object)), limits),
  };
}

/** Does it now; its result is for later. */
function outcome<Result>(apply: () => Result, trouble: Fate['trouble']): () => Promise<Result> {
  if (trouble === 'lost') return () => Promise.reject(new Error('the connection broke'));
  try {
    const result = apply();
    return () => Promise.resolve(result);
  } catch (error) {
    return () => Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

const asObject = (object: object): KubernetesObject => structuredClone(object) as KubernetesObject;
