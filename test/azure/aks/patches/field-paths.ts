import type { Fields } from '../objects.ts';
import { isFields, keyOf, listKindAt } from './list-kinds.ts';

/** A place in an object, as the names in fieldsV1 (`f:spec`, `k:{"name":"web"}`, `v:"x"`, `.`), joined by NUL. */
export type FieldPath = string;

const separator = '\0';

/** The managed fields of an object and their values as JSON; an item of a keyed list also stands for itself, as `.`. */
export function fieldsOf(object: Fields): Map<FieldPath, string> {
  const found = new Map<FieldPath, string>();
  const { apiVersion: _, kind: __, metadata, ...rest } = object;
  const { labels, annotations, finalizers, ownerReferences } = metadata as Fields;
  visit({ metadata: { labels, annotations, finalizers, ownerReferences }, ...rest }, [], [], found);
  return found;
}

function visit(value: unknown, path: readonly string[], names: readonly string[], found: Map<FieldPath, string>): void {
  if (value === undefined || value === null) return;
  if (isFields(value) && Object.keys(value).length > 0) {
    for (const [name, one] of Object.entries(value)) visit(one, [...path, `f:${name}`], [...names, name], found);
    return;
  }
  const kind = Array.isArray(value) && value.length > 0 ? listKindAt(names) : 'atomic';
  if (!Array.isArray(value) || kind === 'atomic') {
    if (path.length > 0) found.set(path.join(separator), JSON.stringify(value));
    return;
  }
  for (const item of value as unknown[]) {
    const step = kind === 'set' ? `v:${JSON.stringify(item)}` : `k:${JSON.stringify(keyOf(item, kind.keys))}`;
    found.set([...path, step, ...(kind === 'set' ? [] : ['.'])].join(separator), '');
    if (kind !== 'set') visit(item, [...path, step], names, found);
  }
}

/** The tree of fieldsV1. */
export function treeOf(paths: Iterable<FieldPath>): Fields {
  const root: Fields = {};
  for (const path of [...paths].sort()) {
    let node = root;
    for (const step of path.split(separator)) node = (node[step] ??= {}) as Fields;
  }
  return root;
}

/** The paths in a tree of fieldsV1: its leaves. */
export function pathsIn(tree: Fields, path: readonly string[] = []): FieldPath[] {
  return Object.entries(tree).flatMap(([step, below]) => {
    const steps = [...path, step];
    return isFields(below) && Object.keys(below).length > 0 ? pathsIn(below, steps) : [steps.join(separator)];
  });
}

/** As messages show it: `.spec.containers[name="web"].image`. */
export function shownPath(path: FieldPath): string {
  return path
    .split(separator)
    .filter((step) => step !== '.')
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const key = Object.entries(JSON.parse(step.slice(2)) as Fields);
      return `[${key.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

/** An object without the field at a path, and without what is empty then. */
export function without(object: Fields, path: FieldPath): Fields {
  return pruned(object, path.split(separator)) as Fields;
}

function pruned(value: unknown, [step = '', ...rest]: readonly string[]): unknown {
  if (step.startsWith('f:')) {
    if (!isFields(value)) return value;
    const name = step.slice(2);
    const { [name]: child, ...others } = value;
    const left = rest.length === 0 ? undefined : pruned(child, rest);
    return left === undefined || isEmpty(left) ? others : { ...others, [name]: left };
  }
  if (!Array.isArray(value)) return value;
  const matches = (item: unknown): boolean => {
    if (step.startsWith('v:')) return JSON.stringify(item) === step.slice(2);
    const key = JSON.parse(step.slice(2)) as Fields;
    return JSON.stringify(keyOf(item, Object.keys(key))) === JSON.stringify(key);
  };
  if (rest.length === 0 || rest[0] === '.') return (value as unknown[]).filter((item) => !matches(item));
  return (value as unknown[]).map((item) => (matches(item) ? pruned(item, rest) : item));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
