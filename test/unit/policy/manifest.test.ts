import assert from 'node:assert/strict';
import { documentsIn, templateOf } from '../../../tasks/common/policy/manifest.ts';
import { objectName } from '../../../tasks/common/policy/objects.ts';
import { withPods } from '../../../tasks/common/policy/pods.ts';
import { roundsOf } from '../../../tasks/common/policy/rounds.ts';
import { ordersManifest } from '../../bench/sample-policies.ts';
import { objectsIn } from './objects-in.ts';

const names = (text: string): string[] => objectsIn(text).map(objectName);

describe('Objects of a manifest', () => {
  it('get the namespace of the release where they name none, and objects of the cluster none', () => {
    const text = `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: other}}
--- # behind the mark
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: c, namespace: shop}}
---
{apiVersion: contoso.com/v1, kind: Widget, metadata: {name: d}}
---
# nothing but a comment
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.contoso.com}
spec: {group: contoso.com, scope: Cluster, names: {kind: Widget}}
`;
    assert.deepEqual(names(text), [
      'ConfigMap shop/a',
      'ConfigMap other/b',
      'ClusterRole c',
      'Widget d',
      'CustomResourceDefinition widgets.contoso.com',
    ]);
    assert.deepEqual(objectsIn(text)[2]?.value['metadata'], { name: 'c' });
  });

  it('are refused where a list holds more than can be judged', () => {
    const text = `{apiVersion: v1, kind: PodList, items: [${'{}, '.repeat(20_001)}]}`;
    assert.throws(() => names(text), /There are 20001 objects, with the items of lists; at most 20000 are checked/);
  });

  it('are the items of lists, too, and get a name where the API server would make one', () => {
    const text = `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}
---
{apiVersion: v1, kind: ConfigMapList, items: [{metadata: {name: b}}]}
---
{apiVersion: v1, kind: Pod, metadata: {generateName: run-}}
`;
    assert.deepEqual(names(text), ['Pod shop/a', 'ConfigMap shop/b', 'Pod shop/run-2']);
  });

  it('hold no field with nothing in it, which the API server drops and Rego would take for true', () => {
    const text = `apiVersion: v1
kind: Pod
metadata: { name: orders, labels: }
spec:
  volumes:
  containers:
    - name: web
      securityContext: { runAsNonRoot: ~, privileged: false }
`;
    const [pod] = objectsIn(text);
    assert.deepEqual(pod?.value, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'orders', namespace: 'shop' },
      spec: { containers: [{ name: 'web', securityContext: { privileged: false } }] },
    });
  });

  it('are not what has no kind, or is no mapping', () => {
    assert.throws(
      () => objectsIn('{apiVersion: v1, metadata: {name: a}}'),
      /orders\.yaml holds a document without kind/,
    );
    assert.throws(() => objectsIn('- a'), /orders\.yaml holds a document that is no mapping/);
    assert.throws(() => objectsIn('a: &a [*a]'), /an anchor contains an alias of itself/);
  });

  it('hold what stands behind a line separator, at which a comment ends for Go', () => {
    const [pod] = objectsIn(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a} # harmless\u2028spec:\u2029  hostNetwork: true\n',
    );
    assert.deepEqual(pod?.value['spec'], { hostNetwork: true });
    const cut = 'apiVersion: v1\nkind: Pod\nspec:\n  # \u2028---\n  apiVersion: v1\n  kind: ConfigMap\n';
    assert.deepEqual(names(cut), ['Pod shop/pod-0'], 'a document ends at a line that a line break begins');
  });

  it('are refused where many documents unfold to too much together', () => {
    const list = `&a [${'[], '.repeat(1000)}]`;
    const unfolding = `apiVersion: v1\nkind: A\nmetadata: {name: a}\nb: ${list}\nc: [${'*a, '.repeat(99)}]\n`;
    assert.equal(objectsIn(unfolding).length, 1);
    assert.throws(
      () => objectsIn(Array.from({ length: 10 }, () => unfolding).join('---\n')),
      /orders\.yaml is not valid YAML: it holds too much, or aliases that unfold to too much/,
    );
  });

  it('are not what the API server refuses for a name that is no text, as a policy would judge another name', () => {
    for (const field of ['name', 'namespace', 'generateName']) {
      assert.throws(
        () => objectsIn(`{apiVersion: v1, kind: Pod, metadata: {${field}: 0123}}`),
        new RegExp(String.raw`kind "Pod" whose metadata\.${field} is no text \("83"\): quote it`),
      );
    }
  });

  it('have the label that the API server gives every Namespace, by which policies choose it', () => {
    const [namespace] = objectsIn('{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}');
    assert.deepEqual(namespace?.value['metadata'], {
      name: 'shop',
      labels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' },
    });
  });

  it('are told by the template that helm names, where a text in them may look like the mark between documents', () => {
    const text =
      '---\n# Source: orders/templates/a.yaml\na: |\n  --- b\n---\n# Source: orders/templates/c.yaml\nd: 1\n';
    const documents = documentsIn(text, templateOf);
    assert.deepEqual(
      documents.map(({ source, value }) => [source, value]),
      [
        ['orders/templates/a.yaml', { a: '--- b\n' }],
        ['orders/templates/c.yaml', { d: 1n }],
      ],
    );
  });
});

describe('The pods of workloads', () => {
  it('are made of no kind that has but the name of something in JavaScript', () => {
    const odd = '{apiVersion: v1, kind: constructor, metadata: {name: a}}';
    assert.deepEqual(withPods(objectsIn(odd)).map(objectName), ['constructor shop/a']);
    assert.deepEqual(names('{apiVersion: constructor/v1, kind: a, metadata: {name: a}}'), ['a shop/a']);
  });

  it('are made of their templates, owned by what would own them', () => {
    const job = `
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec: { jobTemplate: { spec: { template: { spec: { restartPolicy: Never } } } } }`;
    const pods = withPods(objectsIn(ordersManifest + job)).filter(({ owner }) => owner !== undefined);
    assert.deepEqual(pods.map(objectName), ['Deployment shop/orders (its pods)', 'CronJob shop/report (its pods)']);
    const [orders, report] = pods.map(({ value }) => value);
    assert.deepEqual(orders?.['metadata'], {
      labels: { app: 'orders' },
      name: 'orders-deployment',
      namespace: 'shop',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'orders', uid: '', controller: true }],
    });
    assert.deepEqual(report?.['spec'], { restartPolicy: 'Never' });
  });

  it('have names of their own, also where a pod has that name', () => {
    const same = '{apiVersion: v1, kind: Pod, metadata: {name: orders-deployment}}';
    const found = withPods(objectsIn(`${ordersManifest}\n---\n${same}`)).map(({ name }) => name);
    assert.deepEqual(found, ['orders', 'orders', 'migrate', 'orders-deployment', 'orders-deployment-pod']);
  });
});

const configMap = (data: string): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {b: ${data}}}`;

describe('The rounds in which objects are judged', () => {
  it('hold no two objects of the same name, and what several values sets render alike once', () => {
    const objects = [
      ...objectsIn(configMap('one'), 'qa'),
      ...objectsIn(configMap('two'), 'production'),
      ...objectsIn(ordersManifest, 'qa'),
      ...objectsIn(ordersManifest, 'production'),
    ];
    const rounds = roundsOf(objects).map((round) =>
      round.map((object) => `${objectName(object)} ${object.environments.join(' ')}`),
    );
    assert.deepEqual(rounds, [
      [
        'ConfigMap shop/a qa',
        'Deployment shop/orders qa production',
        'Service shop/orders qa production',
        'Pod shop/migrate qa production',
      ],
      ['ConfigMap shop/a production'],
    ]);
  });
});
