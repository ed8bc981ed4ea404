import { type ManifestObject, type Mapping, mapAt } from './objects.ts';

/** Labels of namespaces, by their names. */
export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The namespaces of objects with their labels: those that are given, those of a Namespace among the objects, and the name,
 * which Kubernetes gives every one as a label.
 */
export function labelsFor(objects: readonly ManifestObject[], given: NamespaceLabels): NamespaceLabels {
  const names = new Set(objects.map(({ namespace }) => namespace).filter((name) => name !== ''));
  const own = objects.filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1');
  for (const { name } of own) names.add(name);
  return new Map(
    [...names].map((name) => {
      const rendered = own.find((object) => object.name === name);
      const labels = Object.entries(mapAt(rendered?.value, 'metadata', 'labels')).filter(isText);
      return [name, { ...Object.fromEntries(labels), ...given.get(name), 'kubernetes.io/metadata.name': name }];
    }),
  );
}

/** The Namespace objects of names that are not among the objects, without which gator matches nothing by a namespace. */
export function missingNamespaces(objects: readonly ManifestObject[], labels: NamespaceLabels): Mapping[] {
  const there = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name));
  return [...labels]
    .filter(([name]) => !there.has(name))
    .map(([name, given]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...given } } }));
}

const isText = (entry: readonly [string, unknown]): entry is readonly [string, string] => typeof entry[1] === 'string';
