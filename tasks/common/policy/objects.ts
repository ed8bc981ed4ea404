import type { GoYamlValue } from '../go/yaml.ts';

/** A mapping as YAML or JSON has it. */
export type Mapping = Readonly<Record<string, GoYamlValue>>;

/** An object of Kubernetes, as it would be sent to a cluster. */
export interface ManifestObject extends ObjectKey {
  /** All of it, with its name and namespace filled in. */
  readonly value: Mapping;
  /** The chart's template, or the file, that it comes from. */
  readonly source: string;
  /** The document as it was rendered; empty for a pod that was made of a workload. */
  readonly text: string;
  /** The values sets that render exactly this object. */
  readonly environments: readonly string[];
  /** The workload whose template this pod was made of. */
  readonly owner?: ManifestObject;
}

/** By what an object is named; no two of a cluster have all four in common. The namespace of one of the whole cluster is empty. */
export type ObjectKey = Readonly<Record<'apiVersion' | 'kind' | 'namespace' | 'name', string>>;

/** The same as one text. */
export function keyOf({ apiVersion, kind, namespace, name }: ObjectKey): string {
  return [apiVersion, kind, namespace, name].join(' ');
}

/** The object as people name it: `Deployment shop/orders`, and of a pod the workload that makes it. */
export function objectName({ owner, kind, namespace, name }: ManifestObject): string {
  if (owner !== undefined) return `${objectName(owner)} (its pods)`;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** The same with the values sets that render it, where they have names: `Deployment shop/orders (qa, production)`. */
export function objectWithSets(object: ManifestObject): string {
  const sets = object.environments.filter((name) => name !== '').join(', ');
  return `${objectName(object)}${sets === '' ? '' : ` (${sets})`}`;
}

/** Whether a value is a mapping: no list, not null. */
export function isMap(value: GoYamlValue | undefined): value is { [key: string]: GoYamlValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mapping at a path of names; an empty one where there is none. */
export function mapAt(value: GoYamlValue | undefined, ...names: readonly string[]): Mapping {
  const found = valueAt(value, ...names);
  return isMap(found) ? found : {};
}

/** The value at a path of names; undefined where there is none. */
export function valueAt(value: GoYamlValue | undefined, ...names: readonly string[]): GoYamlValue | undefined {
  return names.reduce<GoYamlValue | undefined>((held, name) => (isMap(held) ? held[name] : undefined), value);
}

/** The list at a path of names; an empty one where there is none. */
export function listAt(value: GoYamlValue | undefined, ...names: readonly string[]): readonly GoYamlValue[] {
  const found = valueAt(value, ...names);
  return Array.isArray(found) ? found : [];
}

/** The text at a path of names; empty where there is none. */
export function textAt(value: GoYamlValue | undefined, ...names: readonly string[]): string {
  const found = valueAt(value, ...names);
  return typeof found === 'string' ? found : '';
}
