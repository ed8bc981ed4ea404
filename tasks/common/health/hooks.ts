import type { SeenObject } from '../watching/view.ts';

/** All of helm's events together have less; patterns that skip white space take long for more. In characters. */
const longest = 200;

/** When helm runs an object as a hook, such as `pre-install,pre-upgrade`; undefined for one that is no hook. */
export function hookOf({ metadata }: SeenObject): string | undefined {
  return metadata.annotations?.['helm.sh/hook']?.slice(0, longest);
}
