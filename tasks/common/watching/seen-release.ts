import { ApiRefusal, type KubernetesObject } from '../cluster/client.ts';
import type { ReleaseName } from '../rollout/history.ts';
import { Blindness } from './blindness.ts';
import type { KindSink } from './kind-watch.ts';
import { eventKind, seen, type SeenKind } from './kinds.ts';
import { SeenEvents } from './seen-events.ts';
import { SeenObjects } from './seen-objects.ts';
import { logKey, viewOf } from './view-of.ts';
import type { LogTail, ReleaseView, SeenObject } from './view.ts';

/** What is known of a release, as watches and look-ups bring it. */
export class SeenRelease {
  readonly objects: SeenObjects;
  readonly blindness: Blindness;
  revision = 0;
  readonly #name: ReleaseName;
  readonly #events = new SeenEvents();
  readonly #logs = new Map<string, LogTail>();
  readonly #changed: () => void;
  #hasBegun = false;
  #view: ReleaseView | undefined;

  /** @param changed called after each change */
  constructor(name: ReleaseName, changed: () => void) {
    this.#name = name;
    this.objects = new SeenObjects(name);
    this.blindness = new Blindness(name.namespace);
    this.#changed = () => {
      this.#view = undefined;
      changed();
    };
  }

  /** As it is now; stays so. */
  view(): ReleaseView {
    this.#view ??= viewOf({
      release: this.#name,
      revision: this.revision,
      objects: this.objects,
      events: this.#events,
      logs: new Map(this.#logs),
      missing: undefined,
      nodes: undefined,
      blind: this.blindness.sentences,
    });
    return this.#view;
  }

  expect(revision: number): void {
    this.revision = revision;
    this.#changed();
  }

  keepLog(pod: SeenObject, container: string, tail: LogTail): void {
    this.#logs.set(logKey(pod, container), tail);
    this.#changed();
  }

  cannotSee(what: string, error: unknown): void {
    if (this.blindness.add(what, error)) this.#changed();
  }

  /** What takes the objects of a kind. */
  sinkOf(kind: SeenKind): KindSink {
    let listed = new Set<string>();
    return {
      page: ({ items, answeredAt }) => {
        this.#begin(answeredAt);
        for (const item of items) {
          this.#take(seen(kind, item));
          const { uid = '' } = item.metadata;
          if (this.objects.has(uid)) listed.add(uid);
        }
      },
      whole: () => {
        this.objects.keepOnly(kind.kind, listed);
        listed = new Set();
        this.#changed();
      },
      changed: (type, item) => {
        const object = seen(kind, item);
        if (type === 'DELETED') this.objects.remove(object);
        else this.#take(object);
        this.#changed();
      },
      ...this.#eyesOf(kind),
    };
  }

  sinkOfEvents(): KindSink {
    return {
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
        if (isForGood) this.objects.keepOnly(kind, new Set());
        this.cannotSee(plural, error);
      },
      sees: () => {
        if (this.blindness.remove(plural)) this.#changed();
      },
    };
  }

  #take(object: SeenObject): void {
    for (const known of this.objects.take(object)) this.#events.adopt(known);
  }

  #hear(type: string, event: KubernetesObject): void {
    if (type === 'DELETED') return;
    if (this.#events.take(event, type === 'ADDED', (key) => this.objects.knows(key))) this.#changed();
  }

  /** The run begins by the clock of the API server, whose times all others are. */
  #begin(answeredAt: Date | undefined): void {
    if (!this.#hasBegun && answeredAt !== undefined) this.objects.since = answeredAt;
    this.#hasBegun = true;
  }
}

/** The container has not begun, or was never restarted, or its pod is gone: that is no blindness. */
export const hasNoLog = (error: unknown): boolean =>
  error instanceof ApiRefusal && (error.status === 400 || error.status === 404);
