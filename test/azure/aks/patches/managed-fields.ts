import type { Fields, KubernetesObject } from '../objects.ts';
import { fieldsOf, pathsIn, treeOf, type FieldPath } from './field-paths.ts';

/** Who wrote, and how. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
}

/** The fields that one writer owns. */
export interface Ownership extends Writer {
  readonly time: string;
  readonly paths: ReadonlySet<FieldPath>;
}

export function ownershipsOf({ metadata: { managedFields = [] } }: KubernetesObject): Ownership[] {
  return managedFields.map((entry) => {
    const { manager, operation, apiVersion, subresource, time, fieldsV1 } = entry as unknown as Writer & {
      readonly time: string;
      readonly fieldsV1?: Fields;
    };
    return { manager, operation, apiVersion, subresource, time, paths: new Set(pathsIn(fieldsV1 ?? {})) };
  });
}

export function withOwnerships(object: KubernetesObject, ownerships: readonly Ownership[]): KubernetesObject {
  const managedFields = ownerships
    .filter(({ paths }) => paths.size > 0)
    .map(({ manager, operation, apiVersion, subresource, time, paths }) => {
      const where = subresource === undefined ? {} : { subresource };
      return { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: treeOf(paths), ...where };
    });
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

export function isBy(writer: Writer, other: Writer): boolean {
  return (
    writer.manager === other.manager && writer.operation === other.operation && writer.subresource === other.subresource
  );
}

/**
 * An object whose writer owns what it changed, and the others no longer. One that brings its managed fields along, as
 * clients do that move them, is taken by its word.
 */
export function written(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  writer: Writer,
): KubernetesObject {
  const [old, now] = [before === undefined ? new Map<string, string>() : fieldsOf(before), fieldsOf(after)];
  const changed = [...now].filter(([path, value]) => old.get(path) !== value).map(([path]) => path);
  const base = after.metadata.managedFields?.length || before === undefined ? after : before;
  const ownerships = ownershipsOf(base);
  const own = ownerships.find((one) => isBy(one, writer));
  const others = ownerships
    .filter((one) => one !== own)
    .map((one) => ({ ...one, paths: without(one.paths, (path) => !now.has(path) || changed.includes(path)) }));
  const kept = without(own?.paths ?? new Set(), (path) => !now.has(path));
  const time = changed.length > 0 || own === undefined ? new Date().toISOString().replace(/\.\d+/, '') : own.time;
  return withOwnerships(after, [...others, { ...writer, time, paths: new Set([...kept, ...changed]) }]);
}

function without(paths: ReadonlySet<FieldPath>, isOut: (path: FieldPath) => boolean): Set<FieldPath> {
  return new Set([...paths].filter((path) => !isOut(path)));
}
