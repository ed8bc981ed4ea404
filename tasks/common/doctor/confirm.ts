import type { KubernetesClient } from '../cluster/client.ts';
import type { Finding } from '../diagnosis/finding.ts';
import { healthOf } from '../health/health-of.ts';
import { isPlural, isVersion, pathOf } from '../watching/kinds.ts';
import { nameOf, type ReleaseView, type SeenObject } from '../watching/view.ts';
import { isAwaited, isTrouble, type Status } from './statuses.ts';

/** More names than these are in no message. */
const most = 10;

/** An outage must not hold up what is done besides. In ms. */
const limits = { timeoutMs: 10_000 };

type Client = Pick<KubernetesClient, 'get'>;

/**
 * Asks the API server itself about objects that a watch shows as not ready: a watch that broke shows what was. What cannot be
 * asked about is taken for ready, since the doctor's own trouble must not undo a roll-out.
 */
export async function confirmed(
  open: readonly Status[],
  view: ReleaseView,
  client: Client,
  now: Date,
  signal: AbortSignal,
): Promise<Status[]> {
  const asked = open.slice(0, most).map(async (status) => {
    const seen = view.objects.find((object) => isNamed(object, status));
    const fresh = seen === undefined ? undefined : await fetched(seen, client, signal);
    const health = fresh === undefined ? undefined : healthOf(fresh, view, now);
    return health === undefined ? [] : [{ ...status, health }];
  });
  const known = (await Promise.all(asked)).flat();
  return known.filter((status) => isAwaited(status) && isTrouble(status));
}

/**
 * Whether what a finding is about is still as the watch shows it: one that broke shows what was. What cannot be asked about
 * counts as changed, since the doctor's own trouble must not end a roll-out.
 */
export async function isStillSo(finding: Finding, view: ReleaseView, client: Client): Promise<boolean> {
  const seen = shownIn(finding, view);
  const fresh = seen === undefined ? undefined : await fetched(seen, client);
  return fresh !== undefined && fresh.metadata.resourceVersion === seen?.metadata.resourceVersion;
}

/** The object by which a finding was made: a pod, what makes pods, a claim. */
export function shownIn({ owner, evidence: [{ object }] }: Finding, view: ReleaseView): SeenObject | undefined {
  const root = view.objects.find((each) => each.kind === owner.kind && each.metadata.name === owner.name);
  const made = root === undefined ? [] : view.childrenOf(root);
  const all = [...made, ...made.flatMap((each) => view.childrenOf(each)), ...view.objects];
  return all.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.name);
}

function isNamed(object: SeenObject, { object: { kind, name } }: Status): boolean {
  const seen = nameOf(object);
  return seen.kind === kind && seen.name === name;
}

async function fetched(seen: SeenObject, client: Client, signal?: AbortSignal): Promise<SeenObject | undefined> {
  const { kind, apiVersion } = seen;
  const plural = pluralOf(kind);
  // What a chart calls a kind of its own may lead elsewhere.
  if (!isPlural(plural) || !isVersion(apiVersion)) return undefined;
  const { namespace, name } = nameOf(seen);
  try {
    const path = `${pathOf({ kind, apiVersion, plural }, namespace)}/${encodeURIComponent(name)}`;
    const object = await client.get(path, signal === undefined ? limits : { ...limits, signal });
    return object === undefined ? undefined : { ...object, kind, apiVersion };
  } catch {
    return undefined;
  }
}

/** Of the kinds that a roll-out waits for. */
const pluralOf = (kind: string): string => `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
