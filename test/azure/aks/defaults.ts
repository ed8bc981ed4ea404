import { canonical } from './canonical.ts';
import type { Fields, KubernetesObject } from './objects.ts';

/** Fills in what the API server fills in and clients rely on: helm 3 crashes where a Deployment has no `replicas`. */
export function defaulted(object: KubernetesObject): KubernetesObject {
  const filled = byKind[object.kind]?.(object);
  return filled === undefined ? object : { ...object, ...filled };
}

/** Where the API server counts the templates of a DaemonSet (kubernetes, pkg/registry/apps/daemonset/strategy.go). */
export const templateGeneration = 'deprecated.daemonset.template.generation';

/** A changed object as the API server completes it. */
export function defaultedChange(before: KubernetesObject, after: KubernetesObject): KubernetesObject {
  const next = defaulted(after);
  if (next.kind !== 'DaemonSet') return next;
  const last = Number(before.metadata.annotations?.[templateGeneration] ?? 1);
  const isSame = canonical(specOf(before)['template']) === canonical(specOf(next)['template']);
  const annotations = { ...next.metadata.annotations, [templateGeneration]: String(isSame ? last : last + 1) };
  return { ...next, metadata: { ...next.metadata, annotations } };
}

const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };

const byKind: Readonly<Record<string, (object: KubernetesObject) => Fields>> = {
  Namespace: ({ metadata, ...object }) => ({
    metadata: { ...metadata, labels: { 'kubernetes.io/metadata.name': metadata.name, ...metadata.labels } },
    spec: { finalizers: ['kubernetes'], ...specOf(object) },
    status: { phase: 'Active', ...statusOf(object) },
  }),
  Secret: ({ stringData, data, type = 'Opaque' }) => {
    const texts = Object.entries((stringData ?? {}) as Record<string, string>);
    const encoded = Object.fromEntries(texts.map(([name, text]) => [name, Buffer.from(text).toString('base64')]));
    return { type, data: { ...(data as Fields | undefined), ...encoded }, stringData: undefined };
  },
  Deployment: (object) => {
    const spec = specOf(object);
    const given = (spec['strategy'] ?? {}) as { type?: string; rollingUpdate?: Fields };
    const strategy =
      given.type === 'Recreate'
        ? given
        : { ...rolling, ...given, rollingUpdate: { ...rolling.rollingUpdate, ...given.rollingUpdate } };
    const limits = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 };
    return { spec: { ...limits, ...spec, strategy, template: podTemplate(spec) } };
  },
  ReplicaSet: (object) => ({ spec: { replicas: 1, ...specOf(object), template: podTemplate(specOf(object)) } }),
  StatefulSet: (object) => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
    const limits = { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10, updateStrategy };
    return { spec: { ...limits, ...specOf(object), template: podTemplate(specOf(object)) } };
  },
  DaemonSet: (object) => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    const annotations = { [templateGeneration]: '1', ...object.metadata.annotations };
    const spec = { updateStrategy, ...specOf(object), template: podTemplate(specOf(object)) };
    return { metadata: { ...object.metadata, annotations }, spec };
  },
  Job: (object) => {
    const spec = specOf(object);
    const labels = { 'batch.kubernetes.io/job-name': object.metadata.name, 'job-name': object.metadata.name };
    const template = podTemplate(spec);
    const metadata = (template['metadata'] ?? {}) as { labels?: Fields };
    const labelled = { ...template, metadata: { ...metadata, labels: { ...metadata.labels, ...labels } } };
    const numbers = { backoffLimit: 6, completions: 1, parallelism: 1, suspend: false };
    return { spec: { ...numbers, selector: { matchLabels: labels }, ...spec, template: labelled } };
  },
  Service: (object) => {
    const spec = specOf(object);
    const ports = ((spec['ports'] ?? []) as Fields[]).map((port) => ({
      protocol: 'TCP',
      targetPort: port['port'],
      ...port,
    }));
    const address = spec['type'] === 'ExternalName' ? {} : { clusterIP: addressFor(object.metadata.name) };
    return {
      spec: { type: 'ClusterIP', sessionAffinity: 'None', ...address, ...spec, ports },
      status: { loadBalancer: {}, ...statusOf(object) },
    };
  },
  PersistentVolumeClaim: (object) => ({
    spec: { volumeMode: 'Filesystem', ...specOf(object) },
    status: { phase: 'Pending', ...statusOf(object) },
  }),
  Pod: (object) => ({ spec: podSpec(specOf(object)), status: { phase: 'Pending', ...statusOf(object) } }),
};

const specOf = (object: Fields): Fields => (object['spec'] ?? {}) as Fields;
const statusOf = (object: Fields): Fields => (object['status'] ?? {}) as Fields;

function podTemplate(spec: Fields): Fields {
  const template = (spec['template'] ?? {}) as Fields;
  return { ...template, spec: podSpec(specOf(template)) };
}

function podSpec(spec: Fields): Fields {
  const limits = { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst' };
  return { serviceAccountName: 'default', ...limits, ...spec };
}

/** Of the cluster's range, by name, so that a test run is like the next. */
function addressFor(name: string): string {
  const sum = Buffer.from(name).reduce((total, byte) => (total * 31 + byte) % 64_000, 7);
  return `10.0.${sum >> 8}.${sum & 0xff}`;
}
