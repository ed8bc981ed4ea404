import { behaviourOf } from './controllers/behaviour.ts';
import type { KubernetesObject } from './objects.ts';

/** What the containers of a pod have printed. */
export function logOf(pod: KubernetesObject): string {
  const behaviour = behaviourOf(pod);
  if (behaviour === 'crash-loop' || behaviour === 'failing') return 'starting\nfatal: the played program fails\n';
  return behaviour === 'image-pull-error' || behaviour === 'slow' ? '' : 'starting\nlistening\n';
}
