import { createHash, randomUUID } from 'node:crypto';
import { canonical } from '../canonical.ts';
import type { Fields, KubernetesObject, Metadata, Objects } from '../objects.ts';
import { defaulted } from '../defaults.ts';
import { now, type Pod, type PodTemplate, type Workload } from './shapes.ts';

/** What controllers do to the objects of a cluster. */
export class Workshop {
  readonly objects: Objects;

  constructor(objects: Objects) {
    this.objects = objects;
  }

  list<T extends KubernetesObject>(kind: string): T[] {
    return this.objects.list({ kind }) as unknown as T[];
  }

  /** The objects of a kind that an object controls. */
  ownedBy<T extends KubernetesObject>(owner: KubernetesObject, kind: string): T[] {
    const all = this.objects.list({ kind, namespace: owner.metadata.namespace });
    return all.filter(({ metadata: { ownerReferences = [] } }) =>
      ownerReferences.some(({ uid, controller }) => controller === true && uid === owner.metadata.uid),
    ) as unknown as T[];
  }

  /** The pods of an object that are not on their way out. */
  podsOf(owner: KubernetesObject): Pod[] {
    return this.ownedBy<Pod>(owner, 'Pod').filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  create(object: KubernetesObject): KubernetesObject {
    const metadata: Metadata = { uid: randomUUID(), creationTimestamp: now(), generation: 1, ...object.metadata };
    return this.objects.put(defaulted({ ...object, metadata }));
  }

  createPod(owner: Workload, name: string, { metadata = {}, spec }: PodTemplate): void {
    const { labels = {}, annotations = {} } = metadata;
    const place = { name, namespace: owner.metadata.namespace ?? 'default', ownerReferences: [referenceTo(owner)] };
    this.create({ apiVersion: 'v1', kind: 'Pod', metadata: { ...place, labels, annotations }, spec });
  }

  /** Writes a status if it is another one. */
  setStatus(object: KubernetesObject, status: Fields): void {
    if (canonical(object['status']) !== canonical(status)) this.objects.put({ ...object, status });
  }

  /** Writes a changed spec, of a new generation. */
  setSpec(object: KubernetesObject, changed: Fields): void {
    const { generation = 1 } = object.metadata;
    const metadata = { ...object.metadata, generation: generation + 1 };
    this.objects.put({ ...object, metadata, spec: { ...(object['spec'] as Fields), ...changed } });
  }

  /** Marks a pod as to be deleted; its node does the rest. */
  stop(pod: KubernetesObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    const metadata = { ...pod.metadata, deletionTimestamp: now(), deletionGracePeriodSeconds: 0 };
    this.objects.put({ ...pod, metadata });
  }
}

export function referenceTo({ apiVersion = 'v1', kind, metadata: { name, uid = '' } }: KubernetesObject) {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Ten letters for a pod template; the same for the same one. */
export function hashOf(template: PodTemplate): string {
  const digest = createHash('sha256').update(canonical(template)).digest();
  return [...digest.subarray(0, 10)].map((byte) => 'bcdfghjklmnpqrstvwxz2456789'[byte % 27]).join('');
}

/** The end of a pod's name. */
export function randomSuffix(): string {
  return hashOf({ spec: { random: randomUUID() } }).slice(0, 5);
}
