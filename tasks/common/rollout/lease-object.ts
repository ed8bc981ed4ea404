import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../cluster/client.ts';
import { isMapping } from '../go/mapping.ts';

/**
 * What a holder was about to do when it wrote this down, and did not take back: the revision that helm was to make.
 *
 * It is how the next run knows that a `pending-*` revision is one of ours that nobody works on any more. The labels on the
 * release cannot tell: helm merges the labels of the revision before into each new one, so a `helm upgrade` or
 * `helm rollback` that a person runs by hand carries those of the last pipeline run, too. A pending revision that is not
 * in the note may be a person's, at work right now without the Lease.
 */
export interface LeftWork {
  readonly revision: number;
  readonly action: LeftAction;
}

const actions = ['install', 'upgrade', 'rollback', 'uninstall'] as const;
export type LeftAction = (typeof actions)[number];

/** What of a Lease counts here. All of it is foreign text. */
export interface LeaseState {
  readonly object: KubernetesObject;
  /** Empty when nobody holds it. */
  readonly holder: string;
  /** Who held it before it was given back; empty while somebody holds it. */
  readonly lastHolder: string;
  /** When it was renewed, by the holder's clock: good for seeing a change, never for reckoning. */
  readonly renewed: string;
  /** For how long it is valid after that, as its holder says; 0 if it does not. */
  readonly seconds: number;
  readonly left: LeftWork | undefined;
}

/** What is to be written. */
export interface LeaseContent {
  /** Empty to give it back. */
  readonly holder: string;
  readonly seconds: number;
  /** A time of Kubernetes, with microseconds. */
  readonly renewed: string;
  readonly left: LeftWork | undefined;
}

/** No Lease of ours is valid for longer, so none that says so is believed. In seconds. */
export const longestLeaseSeconds = 3600;

const annotation = 'helm-delivery/left';
/** By which a run that stood still learns who did the work meanwhile, also when that one is done. */
const lastAnnotation = 'helm-delivery/last-holder';
const longestName = 63;
/** Of 32 bits; the API server takes no greater one. */
const mostTransitions = 2 ** 31 - 1;

/** Name of the Lease of a release: names of releases have up to 53 characters, but labels, such as others copy names into, 63. */
export function leaseName(release: string): string {
  const name = `helm-delivery-${release}`;
  if (name.length <= longestName) return name;
  const hash = createHash('sha256').update(release).digest('hex').slice(0, 10);
  return `${name.slice(0, longestName - hash.length - 1).replace(/[^a-z\d]+$/, '')}-${hash}`;
}

/** Where the API server keeps the Leases of a namespace. */
export function leasesPath(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
}

export function leaseState(object: KubernetesObject): LeaseState {
  const spec = isMapping(object['spec']) ? object['spec'] : {};
  const { holderIdentity, renewTime, leaseDurationSeconds: seconds } = spec;
  return {
    object,
    holder: typeof holderIdentity === 'string' ? holderIdentity : '',
    lastHolder: object.metadata.annotations?.[lastAnnotation] ?? '',
    renewed: typeof renewTime === 'string' ? renewTime : '',
    seconds: typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, longestLeaseSeconds) : 0,
    left: leftIn(object.metadata.annotations?.[annotation]),
  };
}

/** The object to write in the place of what is there; its resourceVersion makes that fail if somebody else was faster. */
export function leaseObject(
  there: LeaseState | undefined,
  { namespace, release }: { readonly namespace: string; readonly release: string },
  { holder, seconds, renewed, left }: LeaseContent,
): KubernetesObject {
  const { [annotation]: _old, [lastAnnotation]: _last, ...others } = there?.object.metadata.annotations ?? {};
  const spec = there !== undefined && isMapping(there.object['spec']) ? there.object['spec'] : {};
  const { holderIdentity: _holder, acquireTime, leaseTransitions, ...rest } = spec;
  const isNew = holder !== '' && holder !== there?.holder;
  const transitions = typeof leaseTransitions === 'number' ? leaseTransitions : 0;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...there?.object.metadata,
      name: leaseName(release),
      namespace,
      annotations: {
        ...others,
        ...(left !== undefined && { [annotation]: JSON.stringify(left) }),
        ...(holder === '' && there !== undefined && { [lastAnnotation]: there.holder }),
      },
    },
    spec: {
      ...rest,
      // An empty holder is refused by newer API servers.
      ...(holder !== '' && { holderIdentity: holder }),
      leaseDurationSeconds: seconds,
      acquireTime: isNew || acquireTime === undefined ? renewed : acquireTime,
      renewTime: renewed,
      leaseTransitions: isNew && there !== undefined ? Math.min(transitions + 1, mostTransitions) : transitions,
    },
  };
}

function leftIn(text: string | undefined): LeftWork | undefined {
  if (text === undefined || text.length > 200) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isMapping(value)) return undefined;
    const { revision, action } = value;
    const known = actions.find((each) => each === action);
    if (known === undefined || typeof revision !== 'number' || !Number.isSafeInteger(revision)) return undefined;
    return revision > 0 ? { revision, action: known } : undefined;
  } catch {
    return undefined;
  }
}
