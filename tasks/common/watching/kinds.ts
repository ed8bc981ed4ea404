import type { KubernetesObject } from '../cluster/client.ts';
import { isMapping } from '../go/mapping.ts';
import type { SeenObject } from './view.ts';

/** A kind of objects in a namespace, and where the API server has it. */
export interface SeenKind {
  readonly kind: string;
  readonly apiVersion: string;
  /** As in paths and roles, such as `deployments`. */
  readonly plural: string;
}

const apps = 'apps/v1';

/**
 * What is looked at for every release, owners before what they make: a pod counts when the ReplicaSet that made it does.
 */
export const usualKinds = [
  { kind: 'Deployment', apiVersion: apps, plural: 'deployments' },
  { kind: 'StatefulSet', apiVersion: apps, plural: 'statefulsets' },
  { kind: 'DaemonSet', apiVersion: apps, plural: 'daemonsets' },
  { kind: 'Job', apiVersion: 'batch/v1', plural: 'jobs' },
  { kind: 'ReplicaSet', apiVersion: apps, plural: 'replicasets' },
  { kind: 'Pod', apiVersion: 'v1', plural: 'pods' },
] as const satisfies readonly SeenKind[];

export const eventKind: SeenKind = { kind: 'Event', apiVersion: 'v1', plural: 'events' };

/** Where helm keeps its records. */
export const secretKind: SeenKind = { kind: 'Secret', apiVersion: 'v1', plural: 'secrets' };

/** What is looked at where helm's record names such: by kind and group, since the record knows the version. */
const recordedKinds = [
  { kind: 'Service', group: '', plural: 'services' },
  { kind: 'PersistentVolumeClaim', group: '', plural: 'persistentvolumeclaims' },
  { kind: 'Rollout', group: 'argoproj.io', plural: 'rollouts' },
  { kind: 'Canary', group: 'flagger.app', plural: 'canaries' },
] as const;

/** Also made by a StatefulSet, so that a record that names such needs them. */
const claimKind: SeenKind = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', plural: 'persistentvolumeclaims' };

/** What Kubernetes takes for a version, with its group, and for a plural (kubernetes, apimachinery, pkg/util/validation). */
const [anyVersion, anyPlural] = [/^(?:[a-z\d][a-z\d.-]{0,252}\/)?[a-z][a-z\d-]{0,62}$/, /^[a-z][a-z\d-]{0,62}$/];

/**
 * Whether a path can be made of it. Others that stand in helm's record, or in what an aggregated API server tells of itself,
 * could lead to any address of the API server, such as the proxy of a Service.
 */
export const isVersion = (apiVersion: string): boolean => anyVersion.test(apiVersion);
export const isPlural = (plural: string): boolean => anyPlural.test(plural);

/** The kinds to look at besides the usual ones, once it is known what a release has. */
export function kindsToWatch(objects: readonly Pick<SeenKind, 'kind' | 'apiVersion'>[]): readonly SeenKind[] {
  const found = new Map<string, SeenKind>();
  for (const { kind, apiVersion } of objects) {
    const known = recordedKinds.find((each) => each.kind === kind && each.group === groupOf(apiVersion));
    if (known !== undefined && isVersion(apiVersion)) found.set(kind, { kind, apiVersion, plural: known.plural });
    if (kind === 'StatefulSet') found.set(claimKind.kind, claimKind);
  }
  return [...found.values()];
}

/** Empty for the core group. */
export const groupOf = (apiVersion: string): string => apiVersion.split('/').at(-2) ?? '';

/** The groups of Kubernetes itself: they have no dot, or end in `k8s.io`. */
const builtIn = /^[^.]*$|(?:^|\.)k8s\.io$/;

/** Whether a kind was added to the cluster, so that a controller which nobody here knows acts on its objects. */
export const isCustom = (apiVersion: string): boolean => !builtIn.test(groupOf(apiVersion));

/** The list of a kind's objects in a namespace. */
export function pathOf({ apiVersion, plural }: SeenKind, namespace: string): string {
  const api = apiVersion.includes('/') ? 'apis' : 'api';
  return `/${api}/${apiVersion}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

/** Written by programs for programs: nobody here reads them, and they are half of an object. */
const bulky = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

/**
 * An object as it is kept: with its kind, which lists leave out, and without what is large and read by nobody. Of a
 * ReplicaSet the template goes, too: a Deployment keeps ten old ones, each with all of it.
 */
export function seen({ kind, apiVersion }: SeenKind, object: KubernetesObject): SeenObject {
  const { managedFields: _, annotations, ...metadata } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([name]) => !bulky.has(name));
  return {
    ...(kind === 'ReplicaSet' ? withoutTemplate(object) : object),
    kind,
    apiVersion,
    metadata: { ...metadata, ...(annotations && { annotations: Object.fromEntries(kept) }) },
  };
}

function withoutTemplate(object: KubernetesObject): KubernetesObject {
  const { spec } = object;
  return isMapping(spec) ? { ...object, spec: { ...spec, template: undefined } } : object;
}
