import { field, list, text } from '../watching/fields.ts';
import type { SeenObject } from '../watching/view.ts';

/** Whether a condition of an object is `True` or `False`; undefined where it says neither. */
export function isSo(object: SeenObject, type: string): boolean | undefined {
  const status = text(field(conditionOf(object, type), 'status'));
  return status === 'True' ? true : status === 'False' ? false : undefined;
}

/** A condition of an object; undefined where it has none of that type. */
export function conditionOf(object: SeenObject, type: string): unknown {
  return list(field(object, 'status', 'conditions')).find((condition) => field(condition, 'type') === type);
}
