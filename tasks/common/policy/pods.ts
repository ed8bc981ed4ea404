import { keyOf, type ManifestObject, type Mapping, isMap, mapAt, valueAt } from './objects.ts';

/** Where the template of its pods stands in a workload, by `apiVersion kind` without the version. */
const templates: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['spec', 'template']],
  ['ReplicaSet', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['PodTemplate', ['template']],
]);

/** What owns the pods of a workload, where that is another object than the workload itself. */
const owners: Readonly<Record<string, Mapping>> = {
  Deployment: { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  CronJob: { apiVersion: 'batch/v1', kind: 'Job' },
};

/**
 * The pod that a workload's controller would make, for policies that are about pods: gator 3.23.1 makes none where a
 * constraint is for `source: Original`, as Azure Policy's are. Undefined for other kinds, and for a workload without a template.
 * @param taken names of pods in the workload's namespace
 */
function podOf(object: ManifestObject, taken: (name: string) => boolean): ManifestObject | undefined {
  const { apiVersion, kind, namespace, environments, source } = object;
  if (!/^(v1|apps\/|batch\/|extensions\/)/.test(apiVersion)) return undefined;
  const template = valueAt(object.value, ...(templates.get(kind) ?? ['']));
  if (!isMap(template)) return undefined;
  // Real ones have names that nobody knows before, and a Job may be called like a Deployment.
  let name = `${object.name}-${kind.toLowerCase()}`;
  while (taken(name)) name += '-pod';
  const { uid: _uid, ...metadata } = mapAt(template, 'metadata');
  const owner = { name: object.name, uid: '', controller: true, ...(owners[kind] ?? { apiVersion, kind }) };
  const value = {
    apiVersion: 'v1',
    kind: 'Pod',
    // A policy against pods that nobody owns asks for the owner.
    metadata: { ...metadata, name, namespace, ownerReferences: [owner] },
    spec: mapAt(template, 'spec'),
  };
  return { apiVersion: 'v1', kind: 'Pod', namespace, name, value, source, text: '', environments, owner: object };
}

/** The objects, and the pods of the workloads among them; no two have the same key if that holds of the objects. */
export function withPods(objects: readonly ManifestObject[]): ManifestObject[] {
  const all = new Map(objects.map((object) => [keyOf(object), object]));
  for (const object of objects) {
    const { namespace } = object;
    const pod = podOf(object, (name) => all.has(keyOf({ apiVersion: 'v1', kind: 'Pod', namespace, name })));
    if (pod !== undefined) all.set(keyOf(pod), pod);
  }
  return [...all.values()];
}
