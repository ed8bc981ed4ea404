import type { KubernetesObject } from '../objects.ts';
import { now } from './shapes.ts';
import type { Workshop } from './workshop.ts';

/** Deletes what has lost all of its owners, and ends deletions that wait for what their object owns. */
export function collectGarbage(workshop: Workshop): void {
  const { objects } = workshop;
  const all = objects.all;
  const living = new Set(all.map(({ metadata }) => metadata.uid));
  for (const object of all) {
    const { ownerReferences = [], finalizers = [], deletionTimestamp } = object.metadata;
    if (ownerReferences.length > 0 && ownerReferences.every(({ uid }) => !living.has(uid))) end(workshop, object);
    if (deletionTimestamp === undefined) continue;
    if (finalizers.includes('orphan')) {
      for (const owned of ownedBy(object, all)) objects.put(disowned(owned, object));
      drop(workshop, object, 'orphan');
    } else if (finalizers.includes('foregroundDeletion')) {
      const left = ownedBy(object, all);
      for (const owned of left) end(workshop, owned);
      if (left.length === 0) drop(workshop, object, 'foregroundDeletion');
    }
  }
}

/** Empties namespaces that are to be deleted, gives the others what every namespace has. */
export function runNamespaces(workshop: Workshop): void {
  const { objects } = workshop;
  for (const namespace of workshop.list('Namespace')) {
    const { name, deletionTimestamp, finalizers = [] } = namespace.metadata;
    if (deletionTimestamp === undefined) {
      const common = { namespace: name };
      if (objects.find({ kind: 'ServiceAccount', namespace: name }, 'default') === undefined) {
        workshop.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...common, name: 'default' } });
      }
      if (objects.find({ kind: 'ConfigMap', namespace: name }, 'kube-root-ca.crt') === undefined) {
        workshop.create({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { ...common, name: 'kube-root-ca.crt' },
          data: {},
        });
      }
      continue;
    }
    const content = objects.all.filter(({ metadata }) => metadata.namespace === name);
    for (const object of content) end(workshop, object);
    if (content.length === 0 && finalizers.length === 0) objects.remove(namespace);
  }
}

function ownedBy({ metadata: { uid } }: KubernetesObject, all: readonly KubernetesObject[]): KubernetesObject[] {
  return all.filter(({ metadata: { ownerReferences = [] } }) => ownerReferences.some((one) => one.uid === uid));
}

function disowned(object: KubernetesObject, owner: KubernetesObject): KubernetesObject {
  const { ownerReferences = [] } = object.metadata;
  const left = ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid);
  return { ...object, metadata: { ...object.metadata, ownerReferences: left } };
}

function end(workshop: Workshop, object: KubernetesObject): void {
  if (object.kind === 'Pod') return workshop.stop(object);
  if (!object.metadata.finalizers?.length) return workshop.objects.remove(object);
  if (object.metadata.deletionTimestamp !== undefined) return;
  workshop.objects.put({ ...object, metadata: { ...object.metadata, deletionTimestamp: now() } });
}

/** Takes a finalizer away; without any the object is gone. */
function drop(workshop: Workshop, object: KubernetesObject, finalizer: string): void {
  const { objects } = workshop;
  const { kind, metadata } = object;
  const left = (metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const current = objects.find({ kind, namespace: metadata.namespace }, metadata.name);
  if (current === undefined) return;
  const { finalizers: _, ...others } = current.metadata;
  const held = left.length > 0 ? { finalizers: left } : {};
  const stored = objects.put({ ...current, metadata: { ...others, ...held } });
  if (left.length === 0 && kind !== 'Pod') objects.remove(stored);
}
