import type { KubernetesClient, KubernetesObject } from '../cluster/client.ts';
import { isMapping } from '../go/mapping.ts';
import type { GoYamlValue } from '../go/yaml.ts';
import { TaskError } from '../task/outcome.ts';
import type { ManifestDocument } from './manifest.ts';
import { isMap, type Mapping, mapAt, textAt } from './objects.ts';

export type EngineName = 'kyverno' | 'gatekeeper';

/** What of the client is used. */
export type Reader = Pick<KubernetesClient, 'get' | 'list'>;

/** What may refuse an object, or decides about that, by API group; `any` in a group of constraints, each of which has its kind. */
const wanted: Readonly<Record<EngineName, Readonly<Record<string, RegExp>>>> = {
  kyverno: {
    'kyverno.io': /^(Cluster)?Policy$|^PolicyException$/,
    'policies.kyverno.io': /^(Namespaced)?(Image)?ValidatingPolicy$|^PolicyException$/,
    'admissionregistration.k8s.io': /^ValidatingAdmissionPolicy(Binding)?$/,
  },
  gatekeeper: { 'templates.gatekeeper.sh': /^ConstraintTemplate$/, 'constraints.gatekeeper.sh': /./ },
};

/**
 * The policies that are in force in a cluster for a namespace, with what they need beside them. Policies that change or make
 * objects refuse none, and are left out.
 * @param host by which messages and results name the cluster
 * @throws TaskError where the cluster has none; ApiRefusal where they may not be listed
 */
export async function clusterDocuments(
  engine: EngineName,
  namespace: string,
  client: Reader,
  host: string,
): Promise<ManifestDocument[]> {
  const documents: ManifestDocument[] = [];
  for (const [group, kinds] of Object.entries(wanted[engine])) {
    for (const kind of await kindsOf(group, kinds, client)) {
      // Exceptions may stand in any namespace.
      const isOfOne = kind.namespaced && kind.name !== 'PolicyException';
      const place = isOfOne ? `namespaces/${encodeURIComponent(namespace)}/` : '';
      const { items } = await client.list(`/apis/${kind.apiVersion}/${place}${kind.plural}`);
      const values = items.map((item) => documentOf(item, kind));
      documents.push(...values.map((value) => ({ value, text: '', source: `the cluster ${host}` })));
    }
  }
  const used = documents.filter(({ value }) => !isMadeByEngine(value) && !isIdle(value, documents));
  if (used.length > 0) return used;
  throw new TaskError(
    `The cluster ${host} has no policies of ${engine === 'kyverno' ? 'Kyverno or Kubernetes' : 'Gatekeeper'}: install the add-on, or ` +
      'give files of policies.',
  );
}

/** The labels of a namespace; none where it is not there. */
export async function clusterLabels(namespace: string, client: Reader): Promise<Readonly<Record<string, string>>> {
  const found = await client.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
  return found?.metadata.labels ?? {};
}

interface ServedKind {
  readonly apiVersion: string;
  readonly name: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * The kinds of a group, each in the first version that has it; none where the API server has no such group. The version that it
 * prefers has not all of them: of kyverno.io that is v2, with exceptions alone, and the policies are in v1.
 */
async function kindsOf(group: string, kinds: RegExp, client: Reader): Promise<ServedKind[]> {
  const versions = (await client.get(`/apis/${group}`))?.['versions'];
  const found = new Map<string, ServedKind>();
  for (const version of Array.isArray(versions) ? versions.filter(isMapping) : []) {
    const apiVersion = version['groupVersion'];
    if (typeof apiVersion !== 'string') continue;
    for (const kind of await kindsIn(apiVersion, kinds, client)) {
      if (!found.has(kind.name)) found.set(kind.name, kind);
    }
  }
  return [...found.values()];
}

async function kindsIn(apiVersion: string, kinds: RegExp, client: Reader): Promise<ServedKind[]> {
  const resources = (await client.get(`/apis/${apiVersion}`))?.['resources'];
  if (!Array.isArray(resources)) return [];
  return resources.filter(isMapping).flatMap(({ kind, name, namespaced, verbs }): ServedKind[] => {
    const isListed = Array.isArray(verbs) && verbs.includes('list');
    if (typeof kind !== 'string' || typeof name !== 'string' || !isListed || name.includes('/') || !kinds.test(kind))
      return [];
    return [{ apiVersion, name: kind, plural: name, namespaced: namespaced === true }];
  });
}

/** As its author wrote it, so that an engine that is strict takes it. */
function documentOf(item: KubernetesObject, { apiVersion, name: kind }: ServedKind): Mapping {
  const { status: _status, metadata, ...rest } = item;
  const { name, namespace, labels, annotations } = metadata;
  const kept = { name, namespace, labels, annotations };
  const value = goValue({ ...rest, apiVersion, kind, metadata: kept });
  return isMap(value) ? value : {};
}

function goValue(value: unknown): GoYamlValue {
  if (Array.isArray(value)) return value.map(goValue);
  if (isMapping(value)) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(entries.map(([name, member]) => [name, goValue(member)]));
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** Kyverno and Gatekeeper make policies of Kubernetes out of their own, by which the same would be told twice. */
function isMadeByEngine(document: Mapping): boolean {
  if (!textAt(document, 'kind').startsWith('ValidatingAdmissionPolicy')) return false;
  const labels = mapAt(document, 'metadata', 'labels');
  const manager = textAt(labels, 'app.kubernetes.io/managed-by');
  return manager === 'kyverno' || textAt(document, 'metadata', 'name').startsWith('gatekeeper-');
}

/** What is not in force: a policy of Kubernetes without a binding, and a template without a constraint, which Azure Policy leaves there. */
function isIdle(document: Mapping, documents: readonly ManifestDocument[]): boolean {
  const kind = textAt(document, 'kind');
  if (kind === 'ValidatingAdmissionPolicy') {
    const name = textAt(document, 'metadata', 'name');
    return !documents.some(({ value }) => textAt(value, 'spec', 'policyName') === name);
  }
  if (kind !== 'ConstraintTemplate') return false;
  const constraints = textAt(document, 'spec', 'crd', 'spec', 'names', 'kind');
  return !documents.some(({ value }) => textAt(value, 'kind') === constraints);
}
