import assert from 'node:assert/strict';
import { clusterPolicy, noPrivileged } from '../../bench/sample-policies.ts';
import { PolicyBench, told } from './policy-bench.ts';

/** A policy of Kubernetes against what is called odd. */
const ofKubernetes = (name: string, group: string, resource: string): string =>
  noPrivileged(name, '')
    .replace('policies.kyverno.io/v1', 'admissionregistration.k8s.io/v1')
    .replace('ValidatingPolicy', 'ValidatingAdmissionPolicy')
    .replace('[""]', `['${group}']`)
    .replace('[v1]', "['*']")
    .replace('[pods]', `['${resource}']`)
    .replace(/expression: .*/, "expression: object.metadata.name != 'odd'");

describe('Policies that the real kyverno judges custom resources by', () => {
  let bench: PolicyBench;
  before(() => {
    bench = new PolicyBench();
  });
  after(() => bench.close());

  it('of Kubernetes judge custom resources and old versions, and others beside these', async () => {
    const objects = [
      'monitoring.coreos.com/v1 ServiceMonitor',
      'example.com/v1 Elasticsearch',
      'policy/v1beta1 PodSecurityPolicy',
    ]
      .map((each) => `{apiVersion: ${each.replace(' ', ', kind: ')}, metadata: {name: odd}}`)
      .concat('{apiVersion: v1, kind: ConfigMap, metadata: {name: usual}}')
      .join('\n---\n');
    const policies = [
      ofKubernetes('monitors', 'monitoring.coreos.com', 'servicemonitors'),
      ofKubernetes('searches', 'example.com', 'elasticsearches'),
      ofKubernetes('of-all', '*', '*'),
      ofKubernetes('maps', '', 'configmaps'),
    ];

    assert.deepEqual(told(await bench.kyverno(policies, objects)), [
      'monitors: failed',
      '  fail ServiceMonitor shop/odd',
      'searches: failed',
      '  fail Elasticsearch shop/odd',
      'of-all: failed',
      '  fail Elasticsearch shop/odd',
      '  fail PodSecurityPolicy odd',
      '  fail ServiceMonitor shop/odd',
      '  pass ConfigMap shop/usual',
      'maps: passed',
      '  pass ConfigMap shop/usual',
    ]);
  });

  it('judge custom resources of the whole cluster, which kyverno takes to be in default', async () => {
    const policy = clusterPolicy(
      'widgets',
      'match: { any: [{ resources: { kinds: [contoso.com/v1/Widget] } }] }, validate: { failureAction: Enforce, deny: {} }',
    );
    const definition =
      '{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.contoso.com}, spec: {group: contoso.com, scope: Cluster, names: {kind: Widget, plural: widgets}}}';
    const widget = '{apiVersion: contoso.com/v1, kind: Widget, metadata: {name: a}}';

    assert.deepEqual(told(await bench.kyverno([policy], `${definition}\n---\n${widget}`)), [
      'widgets: failed',
      '  only fail Widget a',
    ]);
  });
});
