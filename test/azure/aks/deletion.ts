import type { KubernetesObject, Objects } from './objects.ts';

/** What a client may say of a deletion. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

/** Kinds that end only when somebody has cleaned up after them: the node, the namespace's controller. */
const lingering = new Set(['Pod', 'Namespace']);

/** Deletes an object, or marks it as to be deleted; gives what is left of it. */
export function deleted(
  objects: Objects,
  object: KubernetesObject,
  options: DeleteOptions,
  policyOfQuery: string | null,
): KubernetesObject | undefined {
  const policy = options.propagationPolicy ?? policyOfQuery;
  const finalizers = [...(object.metadata.finalizers ?? [])];
  if (policy === 'Foreground') finalizers.push('foregroundDeletion');
  if (policy === 'Orphan') finalizers.push('orphan');
  const isNow = options.gracePeriodSeconds === 0 && object.kind === 'Pod';
  if (finalizers.length === 0 && (isNow || !lingering.has(object.kind))) {
    objects.remove(object);
    return undefined;
  }
  if (object.metadata.deletionTimestamp !== undefined) return object;
  const deletionTimestamp = new Date().toISOString().replace(/\.\d+/, '');
  const held = finalizers.length > 0 ? { finalizers } : {};
  const grace = { deletionGracePeriodSeconds: options.gracePeriodSeconds ?? 0 };
  const metadata = { ...object.metadata, deletionTimestamp, ...grace, ...held };
  const status = object.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {};
  return objects.put({ ...object, metadata, ...status });
}
