import type { KubernetesClient } from '../cluster/client.ts';
import { healthOf } from '../health/health-of.ts';
import { pathOf } from '../watching/kinds.ts';
import { nameOf, type ReleaseView, type SeenObject } from '../watching/view.ts';
import { isAwaited, type Status } from './statuses.ts';

/** More names than these are in no message. */
const most = 10;

/**
 * Asks the API server itself about objects that a watch shows as not ready: a watch that broke shows what was. What cannot be
 * asked about is taken for ready, since the doctor's own trouble must not undo a roll-out.
 */
export async function confirmed(
  open: readonly Status[],
  view: ReleaseView,
  client: Pick<KubernetesClient, 'get'>,
  now: Date,
): Promise<Status[]> {
  const asked = open.slice(0, most).map(async (status) => {
    const seen = view.objects.find((object) => isNamed(object, status));
    const fresh = seen === undefined ? undefined : await fetched(seen, client);
    const health = fresh === undefined ? undefined : healthOf(fresh, view, now);
    return health === undefined ? [] : [{ ...status, health }];
  });
  const known = (await Promise.all(asked)).flat();
  return known.filter((status) => isAwaited(status) && status.health.state !== 'ready');
}

function isNamed(object: SeenObject, { object: { kind, name } }: Status): boolean {
  const seen = nameOf(object);
  return seen.kind === kind && seen.name === name;
}

async function fetched(seen: SeenObject, client: Pick<KubernetesClient, 'get'>): Promise<SeenObject | undefined> {
  const { kind, apiVersion } = seen;
  const { namespace, name } = nameOf(seen);
  try {
    const path = `${pathOf({ kind, apiVersion, plural: pluralOf(kind) }, namespace)}/${encodeURIComponent(name)}`;
    const object = await client.get(path);
    return object === undefined ? undefined : { ...object, kind, apiVersion };
  } catch {
    return undefined;
  }
}

/** Of the kinds that a roll-out waits for. */
const pluralOf = (kind: string): string => `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
