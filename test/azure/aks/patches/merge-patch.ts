import type { Fields } from '../objects.ts';
import { isFields } from './list-kinds.ts';

/** RFC 7396: fields replace fields, null takes one away, lists are replaced whole. */
export function mergePatch(target: unknown, patch: Fields): Fields {
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = isFields(value) ? mergePatch(result[name], value) : value;
  }
  return result;
}
