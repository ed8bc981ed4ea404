import { documentsIn, objectsOf } from '../../../tasks/common/policy/manifest.ts';
import type { ManifestObject } from '../../../tasks/common/policy/objects.ts';

/** The objects in a text, in the namespace shop. */
export function objectsIn(text: string, environment = ''): ManifestObject[] {
  return objectsOf(documentsIn(text, 'orders.yaml'), { namespace: 'shop', environment });
}
