import { healthOf } from '../health/health-of.ts';
import type { Health } from '../health/health.ts';
import { hookOf } from '../health/hooks.ts';
import { time } from '../watching/fields.ts';
import { nameOf, type ObjectName, type ReleaseView, titleOf } from '../watching/view.ts';

/** How far an object of the release is. */
export interface Status {
  readonly object: ObjectName;
  readonly health: Health;
  /** When helm runs it, for a hook. */
  readonly hook: string | undefined;
  /** Whether it was made since the run began. */
  readonly isNew: boolean;
}

/** All objects of the release that are anything but there or not. */
export function statusesOf(view: ReleaseView, now: Date): Status[] {
  return view.objects.flatMap((object) => {
    const health = healthOf(object, view, now);
    const madeAt = time(object.metadata.creationTimestamp);
    const isNew = madeAt !== undefined && madeAt >= view.since;
    return health === undefined ? [] : [{ object: nameOf(object), health, hook: hookOf(object), isNew }];
  });
}

/** What a roll-out waits for. */
export const isAwaited = ({ health }: Status): boolean => health.optional !== true;

/** What is waited for and not ready. */
export const openOf = (statuses: readonly Status[]): Status[] =>
  statuses.filter((status) => isAwaited(status) && status.health.state !== 'ready');

/** Whether it is more than not there yet. */
export const isTrouble = ({ health }: Status): boolean => health.state !== 'ready' && health.isUnderWay !== true;

/** Such as `Deployment shop: 1 of 3 pods ready; 1 pod waits for a node.` */
export function lineOf(status: Status): string {
  const { health, object, hook } = status;
  const title = `${titleOf(object)}${hook === undefined ? '' : ` (hook ${hook})`}`;
  const count = countOf(health);
  if (health.state === 'ready') {
    return hook === undefined ? `${title} is ready${count === '' ? '' : `: ${count}`}.` : `${title} is done.`;
  }
  const aside = hook === undefined && !isAwaited(status) ? ' (nothing waits for it)' : '';
  return `${title}: ${count === '' ? '' : `${count} ${object.kind === 'Job' ? 'done' : 'ready'}; `}${health.why}${aside}.`;
}

function countOf({ ready, wanted = 0 }: Health): string {
  return ready === undefined || wanted === 0 ? '' : `${ready} of ${wanted} ${wanted === 1 ? 'pod' : 'pods'}`;
}

/** The same within a sentence, such as `Deployment shop 1 of 3 pods (1 pod waits for a node)`. */
export function shortOf({ health, object }: Status): string {
  return [titleOf(object), countOf(health), health.why === '' ? '' : `(${health.why})`].filter(Boolean).join(' ');
}

/** More names than that are no line any more. */
const mostNamed = 3;

/** Such as `Deployment shop 1 of 3 pods (1 pod starts), Service shop (it has no address yet), and 4 more`. */
export function namesOf(statuses: readonly Status[]): string {
  const names = statuses.slice(0, mostNamed).map(shortOf);
  if (statuses.length > mostNamed) names.push(`and ${statuses.length - mostNamed} more`);
  return names.join(', ');
}

/** Where all of it stands, such as `3 of 5 objects are ready; Deployment shop 1 of 3 pods (1 pod waits for a node)`. */
export function summaryOf(statuses: readonly Status[]): string {
  const awaited = statuses.filter(isAwaited);
  const ready = awaited.filter(({ health }) => health.state === 'ready').length;
  const hooks = statuses.filter(({ hook, isNew, health }) => hook !== undefined && isNew && health.state !== 'ready');
  const open = [...byTrouble(awaited.filter(({ health }) => health.state !== 'ready')), ...hooks];
  const whole = `${ready} of ${awaited.length} ${awaited.length === 1 ? 'object is' : 'objects are'} ready`;
  const counted = awaited.length === 0 ? 'nothing is there yet that is waited for' : whole;
  return [counted, namesOf(open)].filter(Boolean).join('; ');
}

/** What failed comes first. */
export function byTrouble(statuses: readonly Status[]): readonly Status[] {
  const isBad = ({ health }: Status): number => (health.state === 'failed' ? 0 : 1);
  return [...statuses].sort((one, other) => isBad(one) - isBad(other));
}
