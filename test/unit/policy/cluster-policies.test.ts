import assert from 'node:assert/strict';
import type { KubernetesObject } from '../../../tasks/common/cluster/client.ts';
import { clusterDocuments, clusterLabels, type Reader } from '../../../tasks/common/policy/cluster-policies.ts';
import { textAt } from '../../../tasks/common/policy/objects.ts';

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced?: boolean;
  readonly items: readonly object[];
}

const named = (name: string, more: object = {}): object => ({
  metadata: { name, uid: '1', managedFields: [] },
  ...more,
});

/** An API server with kinds; it also tells of kinds below another one, and of such that cannot be listed. */
function reader(kinds: readonly Kind[]): Reader & { readonly asked: string[] } {
  const asked: string[] = [];
  const answers = new Map<string, object>();
  for (const { group } of kinds) {
    answers.set(`/apis/${group}`, { preferredVersion: { groupVersion: `${group}/v1` } });
    const resources = kinds
      .filter((each) => each.group === group)
      .flatMap(({ kind, plural, namespaced = false }) => [
        { kind, name: plural, namespaced, verbs: ['get', 'list'] },
        { kind, name: `${plural}/status`, namespaced, verbs: ['get', 'list'] },
        { kind, name: `unlisted${plural}`, namespaced, verbs: ['get'] },
      ]);
    answers.set(`/apis/${group}/v1`, { resources });
  }
  answers.set('/api/v1/namespaces/shop', { metadata: { labels: { env: 'prod' } } });
  return {
    asked,
    get: (path) => Promise.resolve(answers.get(path) as KubernetesObject | undefined),
    list(path) {
      asked.push(path);
      const kind = kinds.find(({ plural }) => path.endsWith(`/${plural}`));
      return Promise.resolve({ items: (kind?.items ?? []) as KubernetesObject[], resourceVersion: '1' });
    },
  };
}

describe('The policies of a cluster', () => {
  it('are those that may refuse an object in the namespace, with exceptions of all', async () => {
    const client = reader([
      { group: 'kyverno.io', kind: 'ClusterPolicy', plural: 'clusterpolicies', items: [named('a', { status: {} })] },
      { group: 'kyverno.io', kind: 'Policy', plural: 'policies', namespaced: true, items: [] },
      { group: 'kyverno.io', kind: 'ClusterCleanupPolicy', plural: 'clustercleanuppolicies', items: [named('no')] },
      {
        group: 'policies.kyverno.io',
        kind: 'PolicyException',
        plural: 'policyexceptions',
        namespaced: true,
        items: [],
      },
      { group: 'policies.kyverno.io', kind: 'MutatingPolicy', plural: 'mutatingpolicies', items: [named('no')] },
      {
        group: 'admissionregistration.k8s.io',
        kind: 'ValidatingAdmissionPolicy',
        plural: 'validatingadmissionpolicies',
        items: [
          named('own'),
          named('unbound'),
          { metadata: { name: 'made', labels: { 'app.kubernetes.io/managed-by': 'kyverno' } } },
        ],
      },
      {
        group: 'admissionregistration.k8s.io',
        kind: 'ValidatingAdmissionPolicyBinding',
        plural: 'validatingadmissionpolicybindings',
        items: [named('own', { spec: { policyName: 'own' } })],
      },
    ]);

    const documents = await clusterDocuments('kyverno', 'shop', client, 'contoso.hcp.example');

    assert.deepEqual(client.asked, [
      '/apis/kyverno.io/v1/clusterpolicies',
      '/apis/kyverno.io/v1/namespaces/shop/policies',
      '/apis/policies.kyverno.io/v1/policyexceptions',
      '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
      '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
    ]);
    assert.deepEqual(documents.map(({ value }) => value).slice(0, 2), [
      { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'a' } },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'own' },
      },
    ]);
  });

  it('are of Gatekeeper the constraints, of whatever kind, with the templates that they use', async () => {
    const template = (name: string, kind: string): object =>
      named(name, { spec: { crd: { spec: { names: { kind } } } } });
    const client = reader([
      {
        group: 'templates.gatekeeper.sh',
        kind: 'ConstraintTemplate',
        plural: 'constrainttemplates',
        items: [template('k8sused', 'K8sUsed'), template('k8sidle', 'K8sIdle')],
      },
      { group: 'constraints.gatekeeper.sh', kind: 'K8sUsed', plural: 'k8sused', items: [named('azurepolicy-a')] },
      { group: 'constraints.gatekeeper.sh', kind: 'K8sIdle', plural: 'k8sidle', items: [] },
    ]);

    const documents = await clusterDocuments('gatekeeper', 'shop', client, 'contoso.hcp.example');

    const names = documents.map(
      ({ value, source }) => `${textAt(value, 'kind')} ${textAt(value, 'metadata', 'name')}, ${source}`,
    );
    assert.deepEqual(names, [
      'ConstraintTemplate k8sused, the cluster contoso.hcp.example',
      'K8sUsed azurepolicy-a, the cluster contoso.hcp.example',
    ]);
  });

  it('are asked for where there are none', async () => {
    await assert.rejects(
      clusterDocuments('gatekeeper', 'shop', reader([]), 'contoso.hcp.example'),
      /The cluster contoso\.hcp\.example has no policies of Gatekeeper: install the add-on/,
    );
  });

  it('choose by the labels that the namespace has', async () => {
    assert.deepEqual(await clusterLabels('shop', reader([])), { env: 'prod' });
    assert.deepEqual(await clusterLabels('other', reader([])), {});
  });
});
