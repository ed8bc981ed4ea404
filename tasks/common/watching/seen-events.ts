import type { KubernetesObject } from '../cluster/client.ts';
import { field, number, text, time } from './fields.ts';
import type { SeenEvent, SeenObject } from './view.ts';

/** How many events of one object are kept; the oldest go first. */
const mostOfOne = 100;
/** How many wait for an object that is not seen yet. */
const mostStrays = 500;
/**
 * Four times what is ever looked at of it, so that no half of a secret at its end is shown. The API server takes 1,024 of new
 * ones (kubernetes, pkg/apis/core/validation/events.go); older ones may be longer. In characters.
 */
const longestMessage = 16 * 1024;

interface Kept {
  readonly key: string;
  /** How often it was told before this run. */
  readonly before: number;
  readonly event: SeenEvent;
}

/** What the cluster tells of a release's objects since the run began. */
export class SeenEvents {
  readonly #byObject = new Map<string, Map<string, Kept>>();
  readonly #strays = new Map<string, Kept>();

  /** @param isNew whether it did not happen before the run @returns whether it is about an object that is known */
  take(object: KubernetesObject, isNew: boolean, isKnown: (uid: string) => boolean): boolean {
    const id = object.metadata.uid ?? object.metadata.name ?? '';
    const key = keyIn(object['involvedObject']);
    const earlier = this.#byObject.get(key)?.get(id) ?? this.#strays.get(id);
    const count = countOf(object);
    const before = earlier?.before ?? (isNew ? 0 : count - 1);
    const kept: Kept = { key, before, event: { ...eventOf(object), count: Math.max(count - before, 1) } };
    if (!isKnown(key)) {
      put(this.#strays, id, kept, mostStrays);
      return false;
    }
    this.#keep(id, kept);
    return true;
  }

  /** The object is known now: events about it came before. */
  adopt(object: SeenObject): void {
    const keys = keysOf(object);
    for (const [id, kept] of this.#strays) {
      if (!keys.includes(kept.key)) continue;
      this.#strays.delete(id);
      this.#keep(id, kept);
    }
  }

  /** An object is gone for good. */
  forget(uid: string): void {
    this.#byObject.delete(uid);
  }

  /** Oldest first. */
  of(object: SeenObject): readonly SeenEvent[] {
    const found = keysOf(object).flatMap((key) => [...(this.#byObject.get(key)?.values() ?? [])]);
    return found.map(({ event }) => event).sort((one, other) => atOf(one) - atOf(other));
  }

  #keep(id: string, kept: Kept): void {
    const events = this.#byObject.get(kept.key) ?? new Map<string, Kept>();
    this.#byObject.set(kept.key, events);
    put(events, id, kept, mostOfOne);
  }
}

function put(events: Map<string, Kept>, id: string, kept: Kept, most: number): void {
  events.delete(id);
  events.set(id, kept);
  const [oldest] = events.keys();
  if (oldest !== undefined && events.size > most) events.delete(oldest);
}

/** Some programs name the object that they mean without its uid. */
function keyIn(involved: unknown): string {
  const uid = text(field(involved, 'uid'));
  return uid === '' ? `${text(field(involved, 'kind'))}/${text(field(involved, 'name'))}` : uid;
}

const keysOf = ({ kind, metadata: { uid = '', name = '' } }: SeenObject): string[] => [uid, `${kind}/${name}`];

const atOf = ({ lastAt }: SeenEvent): number => lastAt?.getTime() ?? 0;

/** Older programs count in `count`, newer ones, such as the scheduler, in `series` (kubernetes, staging/src/k8s.io/client-go/tools/events). */
function countOf(object: KubernetesObject): number {
  return Math.max(number(object['count']), number(field(object['series'], 'count')), 1);
}

function eventOf(object: KubernetesObject): SeenEvent {
  const { lastTimestamp, series, eventTime, firstTimestamp, metadata } = object;
  const times = [
    lastTimestamp,
    field(series, 'lastObservedTime'),
    eventTime,
    firstTimestamp,
    metadata.creationTimestamp,
  ];
  return {
    type: object['type'] === 'Warning' ? 'Warning' : 'Normal',
    reason: bounded(text(object['reason'])),
    message: bounded(text(object['message'])),
    count: countOf(object),
    lastAt: times.map(time).find((at) => at !== undefined),
  };
}

/** Masking takes time, and most events are of others: it is done when they are shown. A slice alone would keep the whole alive. */
const bounded = (said: string): string =>
  said.length > longestMessage ? Buffer.from(said.slice(0, longestMessage)).toString() : said;
