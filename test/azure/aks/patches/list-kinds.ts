/** How the items of a list are told apart: by fields of theirs, by their value, or not at all. */
export type ListKind = { readonly keys: readonly string[] } | 'set' | 'atomic';

const named: ListKind = { keys: ['name'] };

const kinds: Readonly<Record<string, ListKind>> = {
  containers: named,
  initContainers: named,
  volumes: named,
  env: named,
  imagePullSecrets: named,
  secrets: named,
  volumeMounts: { keys: ['mountPath'] },
  volumeDevices: { keys: ['devicePath'] },
  hostAliases: { keys: ['ip'] },
  topologySpreadConstraints: { keys: ['topologyKey', 'whenUnsatisfiable'] },
  conditions: { keys: ['type'] },
  ownerReferences: { keys: ['uid'] },
  finalizers: 'set',
};

/**
 * What the schemas of the API say of a list, which is known here by its name.
 * @param path names of the fields that lead to it
 */
export function listKindAt(path: readonly string[]): ListKind {
  const [parent = '', name = ''] = path.slice(-2);
  if (name === 'ports' && parent === 'spec') return { keys: ['port', 'protocol'] };
  if (name === 'ports' && /containers$/i.test(parent)) return { keys: ['containerPort', 'protocol'] };
  return kinds[name] ?? 'atomic';
}

/** What an item of a keyed list says of its keys; the protocol of a port is TCP where it says none. */
export function keyOf(item: unknown, keys: readonly string[]): Record<string, unknown> {
  const fields = item as Record<string, unknown>;
  return Object.fromEntries(keys.map((key) => [key, fields[key] ?? (key === 'protocol' ? 'TCP' : undefined)]));
}

export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
