import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesClient } from '../cluster/client.ts';
import type { ReleaseName } from '../rollout/history.ts';
import type { TaskContext } from '../task/context.ts';
import { Bell } from './bell.ts';
import { hasNoLog, NotMasked, readTail, whyNoLog } from './container-log.ts';
import { type KindSink, KindWatch, type WatchWaits } from './kind-watch.ts';
import { eventKind, kindsToWatch, type SeenKind, usualKinds } from './kinds.ts';
import { type LookLimits, LookUp } from './look-up.ts';
import type { ReleaseRecord } from './record.ts';
import { RecordWatch } from './record-watch.ts';
import { SeenRelease } from './seen-release.ts';
import type { ReleaseView, SeenObject } from './view.ts';

export type WatchContext = Pick<TaskContext, 'signal'>;
export type WatchClient = Pick<KubernetesClient, 'get' | 'pages' | 'watch' | 'text'>;

/** In ms. */
export interface Waits extends WatchWaits {
  /** For the first lists. */
  readonly startMs: number;
  /** For a look that somebody waits for. */
  readonly lookMs: number;
  /** From a change until listeners are told of all that changed meanwhile. */
  readonly toldMs: number;
}

const usualWaits: Waits = { firstMs: 500, longestMs: 10_000, startMs: 5000, lookMs: 10_000, toldMs: 300 };

/** As the view's `blind` names them. */
const [theRecord, logs] = ["helm's record of the revision", 'logs of containers'];

/** Whose objects make those of a kind. */
const owners: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['Canary'],
  ReplicaSet: ['Deployment', 'Rollout'],
  Pod: ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'],
};

/**
 * A release as the cluster shows it, kept up by one list and one watch a kind. What may not be read, or cannot be, is told in
 * the view's `blind`; nothing here throws.
 */
export class ReleaseWatch {
  readonly #namespace: string;
  readonly #client: WatchClient;
  readonly #waits: Waits;
  readonly #seen: SeenRelease;
  readonly #record: RecordWatch;
  readonly #bell: Bell;
  readonly #watches = new Map<string, KindWatch>();
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal;
  readonly #limits: LookLimits;
  #lookedUp: Promise<void> | undefined;

  constructor(release: ReleaseName, client: WatchClient, context: WatchContext, waits: Waits = usualWaits) {
    this.#namespace = release.namespace;
    this.#client = client;
    this.#waits = waits;
    this.#bell = new Bell(waits.toldMs);
    this.#signal = AbortSignal.any([context.signal, this.#closed.signal]);
    this.#limits = { signal: this.#signal, timeoutMs: waits.lookMs };
    const changed = (): void => this.#bell.ring();
    this.#seen = new SeenRelease(release, changed, (owner) => this.#listAgain(owner));
    const taker = {
      known: (record: ReleaseRecord) => this.#know(record),
      blind: (error: unknown) => this.#cannotSee(theRecord, error),
      sees: () => this.#seen.sees(theRecord),
    };
    this.#record = new RecordWatch(client, release, taker, waits, this.#limits);
  }

  /** Begins to look; resolves when the first lists are in, or after a few seconds. Never rejects. */
  async start(): Promise<void> {
    this.#watchKind(eventKind, this.#seen.sinkOfEvents(), true);
    for (const kind of usualKinds) this.#watchKind(kind, this.#seen.sinkOf(kind));
    const lists = Promise.all([...this.#watches.values()].map(({ listed }) => listed));
    const enough = new AbortController();
    const signal = AbortSignal.any([this.#signal, enough.signal]);
    await Promise.race([lists, pause(this.#waits.startMs, undefined, { signal }).catch(() => undefined)]);
    enough.abort();
  }

  /** helm is about to make this revision: its record tells what else to look at, and which objects are hooks. */
  expect(revision: number): void {
    this.#seen.expect(revision);
    this.#record.expect(revision);
  }

  /** The release as it is seen now; stays as it is. */
  view(): ReleaseView {
    return this.#seen.view();
  }

  /** Called, at most a few times a second, after something changed. @returns the way to stop it */
  onChange(listener: () => void): () => void {
    return this.#bell.listen(listener);
  }

  /** Reads the end of a container's log into the view; what the release's Secrets hold is masked in it. Never rejects. */
  async readLog(pod: SeenObject, container: string, previous: boolean): Promise<void> {
    await this.#record.ensure();
    try {
      if (this.#seen.record?.areMasked !== true) throw new NotMasked();
      const tail = await readTail(this.#client, pod, container, previous, this.#limits);
      this.#seen.keepLog(pod, container, tail);
      this.#seen.sees(logs);
    } catch (error) {
      if (!hasNoLog(error)) this.#cannotSee(logs, whyNoLog(error));
    }
  }

  /**
   * Looks once at what a diagnosis wants besides: nodes, and EndpointSlices, autoscalers and custom resources where the release
   * has such. Never rejects.
   */
  lookUp(): Promise<void> {
    this.#lookedUp ??= this.#record
      .ensure()
      .then(() => new LookUp(this.#client, this.#namespace, this.#seen, this.#limits).all(this.#watches.keys()));
    return this.#lookedUp;
  }

  /** Ends all that is under way. */
  close(): void {
    this.#closed.abort();
    this.#bell.close();
  }

  #know(record: ReleaseRecord): void {
    this.#seen.know(record);
    for (const kind of kindsToWatch(record.objects)) {
      if (!this.#watches.has(kind.kind)) this.#watchKind(kind, this.#seen.sinkOf(kind, true));
    }
  }

  #cannotSee(what: string, error: unknown): void {
    if (!this.#signal.aborted) this.#seen.cannotSee(what, error);
  }

  /** What an object made that was there before, and counts only now, was let go when it was listed. */
  #listAgain({ kind }: SeenObject): void {
    const made = kind === 'Canary' ? ['Deployment', 'ReplicaSet', 'Pod'] : ['ReplicaSet', 'Pod'];
    for (const each of made) this.#watches.get(each)?.again();
  }

  #watchKind(kind: SeenKind, sink: KindSink, onlyChanges = false): void {
    const lists = (): Promise<void>[] =>
      (owners[kind.kind] ?? []).flatMap((owner) => this.#watches.get(owner)?.listed ?? []);
    const plan = { kind, namespace: this.#namespace, ownersListed: () => Promise.all(lists()), onlyChanges };
    const watch = new KindWatch(this.#client, plan, sink, this.#waits);
    this.#watches.set(kind.kind, watch);
    void watch.run(this.#signal);
  }
}
