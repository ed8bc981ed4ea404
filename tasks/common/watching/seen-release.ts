import type { KubernetesObject } from '../cluster/client.ts';
import type { ReleaseName } from '../rollout/history.ts';
import { Blindness } from './blindness.ts';
import type { KindSink } from './kind-watch.ts';
import { eventKind, seen, type SeenKind } from './kinds.ts';
import { customKindsIn, recordedIn, type ReleaseRecord, replicasIn } from './record.ts';
import { SeenEvents } from './seen-events.ts';
import { SeenObjects } from './seen-objects.ts';
import { logKey, viewOf } from './view-of.ts';
import type { LogTail, ObjectName, ReleaseView, SeenObject } from './view.ts';

/** What is known of a release, as watches and look-ups bring it. */
export class SeenRelease {
  readonly #name: ReleaseName;
  readonly #objects: SeenObjects;
  readonly #events = new SeenEvents();
  readonly #logs = new Map<string, LogTail>();
  readonly #blindness = new Blindness();
  /** Of which all objects are seen. */
  readonly #kinds = new Set<string>();
  readonly #changed: () => void;
  readonly #lateOwner: (owner: SeenObject) => void;
  #revision = 0;
  #record: ReleaseRecord | undefined;
  #nodes: readonly SeenObject[] | undefined;
  /** How far the clock of the API server is ahead of this machine's; undefined until it has answered. */
  #clockAheadMs: number | undefined;
  #view: ReleaseView | undefined;

  /**
   * @param changed called after each change
   * @param lateOwner called for an object that was there before the run and counts only now: what it made is not kept
   */
  constructor(name: ReleaseName, changed: () => void, lateOwner: (owner: SeenObject) => void) {
    this.#name = name;
    this.#objects = new SeenObjects(name);
    this.#lateOwner = lateOwner;
    this.#changed = () => {
      this.#view = undefined;
      changed();
    };
  }

  /** As it is now; stays so. */
  view(): ReleaseView {
    this.#view ??= viewOf({
      release: this.#name,
      revision: this.#revision,
      objects: this.#objects,
      events: this.#events,
      logs: new Map(this.#logs),
      missing: this.#missing(),
      isUnmasked: this.#record?.areMasked === true ? undefined : true,
      chartReplicasOf: replicasIn(this.#record),
      customKinds: customKindsIn(this.#record),
      nodes: this.#nodes,
      clockAheadMs: this.#clockAheadMs,
      blind: this.#blindness.sentences,
    });
    return this.#view;
  }

  /** The record of this revision is not there yet. */
  expect(revision: number): void {
    this.#revision = revision;
    this.#learn(undefined);
  }

  get record(): ReleaseRecord | undefined {
    return this.#record;
  }

  /** helm's record of the revision. */
  know(record: ReleaseRecord): void {
    this.#learn(record);
  }

  #learn(record: ReleaseRecord | undefined): void {
    this.#record = record;
    for (const known of this.#objects.learn(record && recordedIn(record))) this.#events.adopt(known);
    this.#changed();
  }

  keepNodes(nodes: readonly SeenObject[]): void {
    this.#nodes = nodes;
    this.#changed();
  }

  keepLog(pod: SeenObject, container: string, tail: LogTail): void {
    this.#logs.set(logKey(pod, container), tail);
    this.#changed();
  }

  cannotSee(what: string, error: unknown): void {
    if (this.#blindness.add(what, error)) this.#changed();
  }

  /** @param what is seen (again) */
  sees(what: string): void {
    if (this.#blindness.remove(what)) this.#changed();
  }

  /** What takes the objects of a kind. @param isLate whether what these made was listed before */
  sinkOf(kind: SeenKind, isLate = false): KindSink {
    let listed = new Set<string>();
    return {
      begins: () => void (listed = new Set()),
      page: ({ items, answeredAt }) => {
        this.#begin(answeredAt);
        for (const item of items) {
          this.#take(seen(kind, item), isLate);
          // Also what does not count yet: its owner may become known before the list ends.
          listed.add(item.metadata.uid ?? '');
        }
      },
      whole: () => {
        this.#objects.keepOnly(kind.kind, listed);
        this.#kinds.add(kind.kind);
        this.#changed();
      },
      changed: (type, item) => {
        const object = seen(kind, item);
        const wasOurs = this.#objects.has(item.metadata.uid ?? '');
        if (type !== 'DELETED') this.#take(object, true);
        // Of thousands of pods that come and go, such as those that a node puts off, nothing stays.
        else if (this.#objects.remove(object)) this.#events.forget(item.metadata.uid ?? '');
        if (wasOurs || this.#objects.has(item.metadata.uid ?? '')) this.#changed();
      },
      ...this.#eyesOf(kind),
    };
  }

  sinkOfEvents(): KindSink {
    return {
      begins: () => undefined,
      page: ({ answeredAt }) => this.#begin(answeredAt),
      whole: () => undefined,
      changed: (type, event) => this.#hear(type, event),
      ...this.#eyesOf(eventKind),
    };
  }

  #eyesOf({ kind, plural }: SeenKind): Pick<KindSink, 'blind' | 'sees'> {
    return {
      blind: (error, isForGood) => {
        // What it was once would be taken for what it is.
        if (isForGood) {
          this.#objects.keepOnly(kind, new Set());
          this.#kinds.delete(kind);
        }
        this.cannotSee(plural, error);
      },
      sees: () => this.sees(plural),
    };
  }

  #take(object: SeenObject, isLate: boolean): void {
    for (const known of this.#objects.take(object)) {
      this.#events.adopt(known);
      if (isLate && known.kind !== 'Pod' && this.#objects.isOld(known)) this.#lateOwner(known);
    }
  }

  /** Hooks come and go as they like. */
  #missing(): readonly ObjectName[] | undefined {
    const there = new Set(this.#objects.all.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
    return this.#record?.objects
      .filter(({ kind, namespace, isHook }) => !isHook && namespace === this.#name.namespace && this.#kinds.has(kind))
      .filter(({ kind, name }) => !there.has(`${kind}/${name}`))
      .map(({ kind, namespace, name }) => ({ kind, namespace, name }));
  }

  #hear(type: string, event: KubernetesObject): void {
    if (type === 'DELETED') return;
    if (this.#events.take(event, type === 'ADDED', (key) => this.#objects.knows(key))) this.#changed();
  }

  /** The run begins by the clock of the API server, whose times all others are. */
  #begin(answeredAt: Date | undefined): void {
    if (this.#clockAheadMs !== undefined || answeredAt === undefined) return;
    this.#objects.since = answeredAt;
    this.#clockAheadMs = answeredAt.getTime() - Date.now();
  }
}
