import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesClient } from '../cluster/client.ts';
import type { ReleaseName } from '../rollout/history.ts';
import type { TaskContext } from '../task/context.ts';
import { Bell } from './bell.ts';
import { readTail } from './container-log.ts';
import { type KindSink, KindWatch, type WatchWaits } from './kind-watch.ts';
import { eventKind, type SeenKind, usualKinds } from './kinds.ts';
import { hasNoLog, SeenRelease } from './seen-release.ts';
import type { ReleaseView, SeenObject } from './view.ts';

export type WatchContext = Pick<TaskContext, 'log' | 'signal'>;
export type WatchClient = Pick<KubernetesClient, 'get' | 'pages' | 'watch' | 'text'>;

/** In ms. */
export interface Waits extends WatchWaits {
  /** For the first lists. */
  readonly startMs: number;
  /** From a change until listeners are told of all that changed meanwhile. */
  readonly toldMs: number;
}

const usualWaits: Waits = { firstMs: 500, longestMs: 10_000, startMs: 5000, toldMs: 300 };

/**
 * A release as the cluster shows it, kept up by one list and one watch a kind. What may not be read, or cannot be, is told in
 * the view's `blind`; nothing here throws.
 */
export class ReleaseWatch {
  readonly #namespace: string;
  readonly #client: WatchClient;
  readonly #waits: Waits;
  readonly #seen: SeenRelease;
  readonly #bell: Bell;
  readonly #watches = new Map<string, KindWatch>();
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal;

  constructor(release: ReleaseName, client: WatchClient, context: WatchContext, waits: Waits = usualWaits) {
    this.#namespace = release.namespace;
    this.#client = client;
    this.#waits = waits;
    this.#bell = new Bell(waits.toldMs);
    this.#seen = new SeenRelease(release, () => this.#bell.ring());
    this.#signal = AbortSignal.any([context.signal, this.#closed.signal]);
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

  /** helm is about to make this revision. */
  expect(revision: number): void {
    this.#seen.expect(revision);
  }

  /** The release as it is seen now; stays as it is. */
  view(): ReleaseView {
    return this.#seen.view();
  }

  /** Called, at most a few times a second, after something changed. @returns the way to stop it */
  onChange(listener: () => void): () => void {
    return this.#bell.listen(listener);
  }

  /** Reads the end of a container's log into the view. */
  async readLog(pod: SeenObject, container: string, previous: boolean): Promise<void> {
    try {
      const tail = await readTail(this.#client, pod, container, { previous, signal: this.#signal });
      this.#seen.keepLog(pod, container, tail);
    } catch (error) {
      if (!this.#signal.aborted && !hasNoLog(error)) this.#seen.cannotSee('logs of containers', error);
    }
  }

  /** Ends all that is under way. */
  close(): void {
    this.#closed.abort();
    this.#bell.close();
  }

  #watchKind(kind: SeenKind, sink: KindSink, onlyChanges = false): void {
    const plan = { kind, namespace: this.#namespace, owners: this.#ownersOf(kind), onlyChanges };
    const watch = new KindWatch(this.#client, plan, sink, this.#waits);
    this.#watches.set(kind.kind, watch);
    void watch.run(this.#signal);
  }

  #ownersOf({ kind }: SeenKind): readonly KindWatch[] {
    const owners: Readonly<Record<string, readonly string[]>> = {
      ReplicaSet: ['Deployment'],
      Pod: ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'],
    };
    return (owners[kind] ?? []).map((owner) => this.#watches.get(owner)).filter((watch) => watch !== undefined);
  }
}
