import type { Fields, KubernetesObject } from '../objects.ts';
import { Refusal } from '../refusal.ts';
import { fieldsOf, shownPath, without, type FieldPath } from './field-paths.ts';
import { isFields, keyOf, listKindAt } from './list-kinds.ts';
import { isBy, ownershipsOf, withOwnerships, type Ownership, type Writer } from './managed-fields.ts';

/**
 * What a live object becomes when a manager applies its wish: the wished fields are its own, those that it wished
 * before and no longer does are gone unless others own them, too. Throws a Refusal (409) where another manager owns a
 * field with another value, unless forced.
 */
export function applied(live: KubernetesObject, wish: Fields, writer: Writer, isForced: boolean): KubernetesObject {
  const ownerships = ownershipsOf(live);
  const others = ownerships.filter((one) => !isBy(one, writer));
  const own = ownerships.find((one) => isBy(one, writer));
  const [wished, current] = [fieldsOf(wish), fieldsOf(live)];
  const differing = new Set([...wished].filter(([path, value]) => current.get(path) !== value).map(([path]) => path));
  const conflicts = others.flatMap((one) =>
    [...one.paths].filter((path) => differing.has(path)).map((path) => ({ owner: one, path })),
  );
  if (conflicts.length > 0 && !isForced) throw conflictWith(conflicts);
  let result: Fields = merged(live, wish, []) as Fields;
  const dropped = [...(own?.paths ?? [])].filter((path) => !wished.has(path));
  for (const path of dropped) {
    if (!others.some(({ paths }) => paths.has(path))) result = without(result, path);
  }
  const left = others.map((one) => ({ ...one, paths: new Set([...one.paths].filter((path) => !differing.has(path))) }));
  const time = new Date().toISOString().replace(/\.\d+/, '');
  return withOwnerships(result as unknown as KubernetesObject, [
    ...left,
    { ...writer, time: own?.time ?? time, paths: new Set(wished.keys()) },
  ]);
}

function merged(live: unknown, wish: unknown, path: readonly string[]): unknown {
  if (isFields(wish)) {
    const result: Fields = isFields(live) ? { ...live } : {};
    for (const [name, value] of Object.entries(wish)) {
      if (value !== null && value !== undefined) result[name] = merged(result[name], value, [...path, name]);
    }
    return result;
  }
  const kind = Array.isArray(wish) ? listKindAt(path) : 'atomic';
  if (kind === 'atomic' || !Array.isArray(wish) || !Array.isArray(live)) return wish;
  if (kind === 'set') return [...new Set([...(live as unknown[]), ...(wish as unknown[])])];
  const nameOf = (item: unknown): string => JSON.stringify(keyOf(item, kind.keys));
  const wishes = (wish as unknown[]).map((item) => {
    const counterpart = (live as unknown[]).find((one) => nameOf(one) === nameOf(item));
    return merged(counterpart, item, path);
  });
  const names = new Set(wishes.map(nameOf));
  return [...wishes, ...(live as unknown[]).filter((item) => !names.has(nameOf(item)))];
}

interface Conflict {
  readonly owner: Ownership;
  readonly path: FieldPath;
}

function conflictWith(conflicts: readonly Conflict[]): Refusal {
  const causes = conflicts.map(({ owner, path }) => {
    return { reason: 'FieldManagerConflict', message: `conflict with ${shown(owner)}`, field: shownPath(path) };
  });
  const owners = [...new Set(conflicts.map(({ owner }) => owner))];
  const byOwner = owners.map((owner) => {
    const paths = conflicts.filter((one) => one.owner === owner).map(({ path }) => `- ${shownPath(path)}`);
    return [`conflicts with ${shown(owner)}:`, ...paths].join('\n');
  });
  const text =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${causes[0]?.message}: ${causes[0]?.field}`
      : `Apply failed with ${causes.length} conflicts: ${byOwner.join('\n')}`;
  return new Refusal(409, 'Conflict', text, { causes });
}

function shown({ manager, operation, apiVersion, subresource, time }: Ownership): string {
  const where = subresource === undefined ? '' : ` with subresource "${subresource}"`;
  return `"${manager}"${where} using ${apiVersion}${operation === 'Update' ? ` at ${time}` : ''}`;
}
