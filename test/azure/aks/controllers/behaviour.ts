import type { KubernetesObject } from '../objects.ts';

/**
 * How a pod behaves: `ready` as soon as it has a node; `slow`, ready when it is told so; `crash-loop`, whose container
 * ends with code 1 again and again; `oom-killed`, the same for want of memory; `image-pull-error`, whose image is not
 * there; `image-name-invalid`; `config-missing`, whose ConfigMap is not there; `command-missing`; `unschedulable`, for want
 * of CPU; `never-ready`, which runs and whose probe fails; `failing`, which ends with code 1 and stays so.
 */
export type Behaviour = (typeof behaviours)[number];

const behaviours = [
  'ready',
  'slow',
  'crash-loop',
  'oom-killed',
  'image-pull-error',
  'image-name-invalid',
  'config-missing',
  'command-missing',
  'unschedulable',
  'never-ready',
  'failing',
] as const;

/** The annotation of a pod that says how it behaves. */
export const behaviourAnnotation = 'contoso.example/behaviour';

/** The annotation that makes a slow pod ready once somebody gives it to the pod. */
export const releaseAnnotation = 'contoso.example/ready';

/** The annotation of a pod that says what its containers print, in the place of what its behaviour does. */
export const logAnnotation = 'contoso.example/log';

/**
 * By its annotation, or else by an image whose repository ends in the behaviour, such as `contoso.azurecr.io/failing`;
 * else it is ready.
 */
export function behaviourOf({ metadata: { annotations = {} }, spec }: KubernetesObject): Behaviour {
  const { containers = [] } = (spec ?? {}) as { containers?: readonly { image?: string }[] };
  const ofImages = containers.map(({ image = '' }) => /([^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(image)?.[1]);
  return behaviours.find((one) => [annotations[behaviourAnnotation], ...ofImages].includes(one)) ?? 'ready';
}
