import { gzipSync } from 'node:zlib';

/** Objects of a cluster as its API server shows them, of the namespace `web`. */

export const release = { name: 'shop', namespace: 'web' };

export const paths = {
  deployments: '/apis/apps/v1/namespaces/web/deployments',
  replicasets: '/apis/apps/v1/namespaces/web/replicasets',
  statefulsets: '/apis/apps/v1/namespaces/web/statefulsets',
  jobs: '/apis/batch/v1/namespaces/web/jobs',
  pods: '/api/v1/namespaces/web/pods',
  events: '/api/v1/namespaces/web/events',
  secrets: '/api/v1/namespaces/web/secrets',
  services: '/api/v1/namespaces/web/services',
  claims: '/api/v1/namespaces/web/persistentvolumeclaims',
  slices: '/apis/discovery.k8s.io/v1/namespaces/web/endpointslices',
};

/** Before the run, and after it began: the clock of the played cluster says ten. */
export const [before, during] = ['2026-11-20T08:00:00Z', '2026-11-27T10:00:05Z'];

interface More {
  readonly owner?: string;
  readonly at?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly [field: string]: unknown;
}

export function object(name: string, { owner, at = during, labels, annotations, ...more }: More = {}) {
  return {
    metadata: {
      name,
      namespace: 'web',
      uid: `uid-${name}`,
      creationTimestamp: at,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(owner !== undefined && {
        ownerReferences: [{ kind: 'X', name: owner, uid: `uid-${owner}`, controller: true }],
      }),
      managedFields: [{ manager: 'helm' }],
    },
    ...more,
  };
}

/** With the marks that helm gives the objects of a release. */
export const ours = (name: string, more: More = {}) =>
  object(name, {
    ...more,
    labels: { 'app.kubernetes.io/managed-by': 'Helm', ...more.labels },
    annotations: {
      'meta.helm.sh/release-name': release.name,
      'meta.helm.sh/release-namespace': release.namespace,
      ...more.annotations,
    },
  });

/** An event about an object. */
export const event = (name: string, about: string, more: Record<string, unknown> = {}) => ({
  ...object(name),
  involvedObject: { kind: 'Pod', name: about, uid: `uid-${about}` },
  type: 'Warning',
  reason: 'FailedScheduling',
  message: '0/3 nodes are available',
  ...more,
});

interface Hook {
  readonly manifest: string;
  readonly events: readonly string[];
}

/** The Secret in which helm keeps a revision. */
export function record(revision: number, manifest: string, hooks: readonly Hook[] = []) {
  const chart = { metadata: { name: 'go-template-app' }, values: { password: 'of-the-values' } };
  return packedRecord(revision, JSON.stringify({ name: release.name, version: revision, manifest, hooks, chart }));
}

/** The same with anything in it. */
export function packedRecord(revision: number, text: string) {
  const packed = gzipSync(text).toString('base64');
  return object(`sh.helm.release.v1.${release.name}.v${revision}`, {
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(packed).toString('base64') },
  });
}

/** A document of a manifest, as helm joins them. */
export const rendered = (kind: string, name: string, rest = '', apiVersion = 'v1'): string =>
  `---\n# Source: go-template-app/templates/${name}.yaml\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
