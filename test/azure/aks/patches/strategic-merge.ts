import type { Fields } from '../objects.ts';
import { isFields, listKindAt } from './list-kinds.ts';

/**
 * A merge in which some lists are merged by a key of their items. Patches have directives: `$patch` (delete, replace),
 * `$setElementOrder/<list>`, `$deleteFromPrimitiveList/<list>` and `$retainKeys`.
 * @param path names of the fields that lead here
 */
export function strategicMerge(target: unknown, patch: Fields, path: readonly string[] = []): Fields {
  const { $patch, $retainKeys, ...fields } = patch;
  if ($patch === 'replace') return fields;
  const result: Fields = isFields(target) && $patch !== 'delete' ? { ...target } : {};
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('$')) continue;
    if (value === null) delete result[name];
    else if (Array.isArray(value)) result[name] = mergeLists(result[name], value, [...path, name]);
    else if (!isFields(value)) result[name] = value;
    else if (value['$patch'] === 'delete') delete result[name];
    else result[name] = strategicMerge(result[name], value, [...path, name]);
  }
  obeyListDirectives(result, fields, path);
  if (Array.isArray($retainKeys)) {
    for (const name of Object.keys(result)) if (!$retainKeys.includes(name)) delete result[name];
  }
  return result;
}

function mergeLists(target: unknown, patch: readonly unknown[], path: readonly string[]): unknown[] {
  const kind = listKindAt(path);
  const current: unknown[] = Array.isArray(target) ? target : [];
  if (kind === 'set') return [...new Set([...current, ...patch])];
  if (kind === 'atomic') return [...patch];
  const [key = ''] = kind.keys;
  const plain = patch.filter((item) => !isFields(item) || !('$patch' in item) || item['$patch'] === 'merge');
  if (patch.some((item) => isFields(item) && item['$patch'] === 'replace')) return plain;
  const deleted = patch.filter((item) => isFields(item) && item['$patch'] === 'delete').map((item) => keyIn(item, key));
  const result = current.filter((item) => !deleted.includes(keyIn(item, key)));
  for (const item of plain) {
    const index = result.findIndex((one) => keyIn(one, key) === keyIn(item, key));
    if (index === -1) result.push(strategicMerge({}, item as Fields, path));
    else result[index] = strategicMerge(result[index], item as Fields, path);
  }
  return result;
}

function obeyListDirectives(result: Fields, patch: Fields, path: readonly string[]): void {
  for (const [directive, value] of Object.entries(patch)) {
    const [, what, name = ''] = /^\$(deleteFromPrimitiveList|setElementOrder)\/(.+)$/.exec(directive) ?? [];
    const list = result[name];
    if (what === undefined || !Array.isArray(list) || !Array.isArray(value)) continue;
    if (what === 'deleteFromPrimitiveList') result[name] = list.filter((item) => !value.includes(item));
    else result[name] = ordered(list, value, [...path, name]);
  }
}

/** Those that the order does not name come last. */
function ordered(list: readonly unknown[], order: readonly unknown[], path: readonly string[]): unknown[] {
  const kind = listKindAt(path);
  const key = typeof kind === 'object' ? (kind.keys[0] ?? '') : undefined;
  const nameOf = (item: unknown): unknown => (key === undefined ? item : keyIn(item, key));
  const names = order.map(nameOf);
  const placeOf = (item: unknown): number => {
    const place = names.indexOf(nameOf(item));
    return place === -1 ? names.length : place;
  };
  return [...list].sort((a, b) => placeOf(a) - placeOf(b));
}

function keyIn(item: unknown, key: string): unknown {
  return isFields(item) ? item[key] : undefined;
}
