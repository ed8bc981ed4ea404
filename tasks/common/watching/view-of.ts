import type { SeenEvents } from './seen-events.ts';
import { parentsOf, type SeenObjects } from './seen-objects.ts';
import type { LogTail, ReleaseView, SeenObject } from './view.ts';

/** What a view is made of. */
export interface ViewParts extends Pick<
  ReleaseView,
  | 'release'
  | 'revision'
  | 'missing'
  | 'isUnmasked'
  | 'chartReplicasOf'
  | 'customKinds'
  | 'clockAheadMs'
  | 'nodes'
  | 'blind'
> {
  readonly objects: SeenObjects;
  readonly events: SeenEvents;
  readonly logs: ReadonlyMap<string, LogTail>;
}

/** Where a log is kept: of a pod's container. */
export const logKey = ({ metadata }: SeenObject, container: string): string => `${metadata.uid}/${container}`;

/** The release as it is seen now. Objects stay as they are at this moment. */
export function viewOf({ objects, events, logs, ...rest }: ViewParts): ReleaseView {
  const all = objects.all;
  const children = new Map<string, SeenObject[]>();
  for (const object of all) {
    for (const parent of parentsOf(object, objects)) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [object]);
      else siblings.push(object);
    }
  }
  return {
    ...rest,
    since: objects.since,
    objects: all.filter((object) => objects.isRoot(object)).sort(byName),
    childrenOf: ({ metadata: { uid = '' } }) => (children.get(uid) ?? []).sort(byName),
    eventsOf: (object) => events.of(object),
    logOf: (pod, container) => logs.get(logKey(pod, container)),
  };
}

function byName(one: SeenObject, other: SeenObject): number {
  const [a, b] = [one, other].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
