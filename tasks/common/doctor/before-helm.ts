import { hookOf } from '../health/hooks.ts';
import { field, time } from '../watching/fields.ts';
import { nameOf, type ObjectName, type ReleaseView, type SeenObject } from '../watching/view.ts';
import type { Look } from './rounds.ts';
import type { Status } from './statuses.ts';

/**
 * What was there before helm began, by which it is known what helm has changed. What an earlier roll-out left broken must not
 * end the one that mends it; of an object that helm has not touched nobody knows whether it comes right by itself, as when the
 * missing image was pushed meanwhile.
 */
export class BeforeHelm {
  readonly #generations: ReadonlyMap<string, unknown>;
  /** What was not ready. */
  readonly #open: ReadonlySet<string>;

  constructor({ view, statuses }: Pick<Look, 'view' | 'statuses'>) {
    this.#generations = new Map(
      view.objects.map(({ metadata }) => [metadata.uid ?? '', metadata['generation']] as const),
    );
    this.#open = new Set(statuses.filter(({ health }) => health.state !== 'ready').map(({ object }) => keyOf(object)));
  }

  /**
   * Whether an object was not ready before, and helm has changed nothing about it: that is not for the roll-out to mend, and
   * undoing it would not, either.
   */
  isLeftAlone({ object }: Status, view: ReleaseView): boolean {
    return this.#open.has(keyOf(object)) && !this.isChanged(object, view);
  }

  /** Whether helm has made or changed the object since. */
  isChanged(name: ObjectName, view: ReleaseView): boolean {
    const object = objectOf(name, view);
    if (object === undefined) return false;
    const { uid = '', creationTimestamp } = object.metadata;
    const target = targetOf(object, view);
    if (target !== undefined && this.isChanged(target, view)) return true;
    if (this.#generations.has(uid)) return this.#generations.get(uid) !== object.metadata['generation'];
    const madeAt = time(creationTimestamp);
    return madeAt !== undefined && madeAt >= view.since;
  }
}

const keyOf = ({ kind, namespace, name }: ObjectName): string => `${kind}/${namespace}/${name}`;

/** The workload whose template a Canary of Flagger, or a Rollout of Argo, rolls out instead of its own. */
function targetOf({ kind, spec }: SeenObject, { objects }: ReleaseView): ObjectName | undefined {
  const part = kind === 'Canary' ? 'targetRef' : kind === 'Rollout' ? 'workloadRef' : undefined;
  const reference = part === undefined ? undefined : field(spec, part);
  const target = objects.find(
    (each) => each.kind === field(reference, 'kind') && each.metadata.name === field(reference, 'name'),
  );
  return target === undefined || target.kind === kind ? undefined : nameOf(target);
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
