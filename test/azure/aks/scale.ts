import type { Fields, KubernetesObject } from './objects.ts';
import type { Address } from './resources.ts';

export const isScale = ({ subresource }: Address): boolean => subresource === 'scale';

/** The object of kind Scale that stands for the number of an object's replicas. */
export function scaleOf({ metadata, spec, status }: KubernetesObject): Fields & KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const shown = { name, namespace, uid, resourceVersion, creationTimestamp } as KubernetesObject['metadata'];
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: shown,
    spec: { replicas: (spec as { replicas?: number }).replicas ?? 1 },
    status: { replicas: (status as { replicas?: number } | undefined)?.replicas ?? 0 },
  };
}

/** An object with the number of replicas that its Scale asks for. */
export function scaled(object: KubernetesObject, scale: Fields): KubernetesObject {
  const { replicas = 0 } = (scale['spec'] ?? {}) as { replicas?: number };
  return { ...object, spec: { ...(object['spec'] as Fields), replicas } };
}
