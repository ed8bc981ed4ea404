import { hookOf } from '../health/hooks.ts';
import { time } from '../watching/fields.ts';
import type { ObjectName, ReleaseView } from '../watching/view.ts';

/**
 * What was there before helm began, by which it is known what helm has changed. What an earlier roll-out left broken must not
 * end the one that mends it; of an object that helm has not touched nobody knows whether it comes right by itself, as when the
 * missing image was pushed meanwhile.
 */
export class BeforeHelm {
  readonly #generations: ReadonlyMap<string, unknown>;

  constructor(view: ReleaseView) {
    this.#generations = new Map(
      view.objects.map(({ metadata }) => [metadata.uid ?? '', metadata['generation']] as const),
    );
  }

  /** Whether helm has made or changed the object since. */
  isChanged(name: ObjectName, view: ReleaseView): boolean {
    const object = objectOf(name, view);
    if (object === undefined) return false;
    const { uid = '', creationTimestamp } = object.metadata;
    if (this.#generations.has(uid)) return this.#generations.get(uid) !== object.metadata['generation'];
    const madeAt = time(creationTimestamp);
    return madeAt !== undefined && madeAt >= view.since;
  }
}

/** Whether helm waits for the object also where it is told to wait for nothing else. */
export function isHook(name: ObjectName, view: ReleaseView): boolean {
  const object = objectOf(name, view);
  return object !== undefined && hookOf(object) !== undefined;
}

function objectOf(
  { kind, namespace, name }: ObjectName,
  { objects }: ReleaseView,
): ReleaseView['objects'][number] | undefined {
  return objects.find(
    (object) =>
      object.kind === kind && object.metadata.name === name && (object.metadata.namespace ?? namespace) === namespace,
  );
}
