import assert from 'node:assert/strict';
import type { KubernetesObject } from '../../../tasks/common/cluster/client.ts';
import { clusterDocuments, clusterLabels, type Reader } from '../../../tasks/common/policy/cluster-policies.ts';
import { textAt } from '../../../tasks/common/policy/objects.ts';

interface Kind {
  readonly group: string;
  /** In the order of the API server, the one that it prefers first. */
  readonly versions?: readonly string[];
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
    const ofGroup = kinds.filter((each) => each.group === group);
    // As the API server orders them: v2 before v1, and both before betas.
    const versions = [...new Set(ofGroup.flatMap(versionsOf))].toSorted().toReversed();
    const served = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
    answers.set(`/apis/${group}`, { versions: served, preferredVersion: served[0] });
    for (const version of versions) {
      const resources = ofGroup
        .filter((each) => versionsOf(each).includes(version))
        .flatMap(({ kind, plural, namespaced = false }) => [
          { kind, name: plural, namespaced, verbs: ['get', 'list'] },
          { kind, name: `${plural}/status`, namespaced, verbs: ['get', 'list'] },
          { kind, name: `unlisted${plural}`, namespaced, verbs: ['get'] },
        ]);
      answers.set(`/apis/${group}/${version}`, { resources });
    }
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

const versionsOf = ({ versions = ['v1'] }: Kind): readonly string[] => versions;

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

  it('are read in the first version that has their kind, also where the API server prefers one without it', async () => {
    const [group, versions] = ['kyverno.io', ['v2', 'v0']];
    const client = reader([
      { group, kind: 'ClusterPolicy', plural: 'clusterpolicies', items: [named('a')] },
      { group, versions, kind: 'PolicyException', plural: 'policyexceptions', namespaced: true, items: [named('b')] },
    ]);

    const documents = await clusterDocuments('kyverno', 'shop', client, 'contoso.hcp.example');

    assert.deepEqual(client.asked, ['/apis/kyverno.io/v2/policyexceptions', '/apis/kyverno.io/v1/clusterpolicies']);
    assert.deepEqual(
      documents.map(({ value }) => textAt(value, 'apiVersion')),
      ['kyverno.io/v2', 'kyverno.io/v1'],
    );
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
