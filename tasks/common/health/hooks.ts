import type { SeenObject } from '../watching/view.ts';

/** When helm runs an object as a hook, such as `pre-install,pre-upgrade`; undefined for one that is no hook. */
export function hookOf({ metadata }: SeenObject): string | undefined {
  return metadata.annotations?.['helm.sh/hook'];
}
