import assert from 'node:assert/strict';
import { clusterPolicy, noPrivileged, noServices } from '../../bench/sample-policies.ts';
import { type Concern, concerns } from '../../../tasks/common/policy/kyverno/concern.ts';
import { kyvernoPolicies } from '../../../tasks/common/policy/kyverno/policies.ts';
import { objectsIn } from './objects-in.ts';
import { documents, PolicyBench } from './policy-bench.ts';

const kinds = [
  'v1 ConfigMap',
  'v1 Endpoints',
  'v1 Pod',
  'apps/v1 Deployment',
  'batch/v1 CronJob',
  'networking.k8s.io/v1 Ingress',
  'networking.k8s.io/v1 NetworkPolicy',
  'contoso.com/v1 Widget',
];
const manifest = kinds
  .map((kind) => kind.split(' '))
  .map(([apiVersion, kind]) => `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a}}`)
  .join('\n---\n');
const secrets = Array.from({ length: 100 }, (_each, at) => `{apiVersion: v1, kind: Secret, metadata: {name: s${at}}}`);
const large = [manifest, ...secrets].join('\n---\n');

const about = (name: string, resources: string): string => noPrivileged(name).replace('[pods]', `[${resources}]`);

/** The policies and the kinds of objects that go together. */
const told = (found: readonly Concern[]): string[][] =>
  found.map(({ policies, objects }) => [
    policies.map(({ name }) => name).join(' '),
    [...new Set(objects.map(({ kind }) => kind))].join(' '),
  ]);

describe('What a policy of CEL may be about', () => {
  it('are objects of the kinds that it names, workloads for pods, and custom resources of the groups, whose plurals nobody knows', () => {
    const { policies } = kyvernoPolicies(
      documents([
        about('pods', 'pods'),
        about('network', 'ingresses, networkpolicies, endpoints/status'),
        about('pods-too', 'pods'),
        about('all', "'*'"),
        clusterPolicy('rules', noServices),
        about('none', 'leases'),
        about('custom', 'widgets').replace('[""]', '[contoso.com]'),
        about('kubernetes', 'pods')
          .replace('ValidatingPolicy', 'ValidatingAdmissionPolicy')
          .replace('policies.kyverno.io', 'admissionregistration.k8s.io'),
      ]),
    );
    const all = kinds.map((kind) => kind.split(' ')[1]).join(' ');
    assert.deepEqual(told(concerns(policies, objectsIn(large))), [
      ['all rules', `${all} Secret`],
      ['pods pods-too', 'Pod Deployment CronJob'],
      ['network', 'Endpoints Ingress NetworkPolicy'],
      ['none', 'ConfigMap'],
      ['custom', 'Widget'],
      ['kubernetes', 'Pod'],
    ]);
  });

  it('does not matter where objects are few: kyverno is started once for all policies', () => {
    const { policies } = kyvernoPolicies(documents([about('pods', 'pods'), about('network', 'ingresses')]));
    const all = kinds.map((kind) => kind.split(' ')[1]).join(' ');
    assert.deepEqual(told(concerns(policies, objectsIn(manifest))), [['pods network', all]]);
  });

  it('is what the real kyverno says it is', async () => {
    const bench = new PolicyBench();
    try {
      const resources = [
        'configmaps',
        'endpoints',
        'pods',
        'deployments',
        'cronjobs',
        'ingresses',
        'networkpolicies',
        'widgets',
      ];
      const never = resources.map((name) =>
        about(name, name)
          .replace('apiGroups: [""]', name === 'pods' ? 'apiGroups: [""]' : "apiGroups: ['*']")
          .replace(/expression: .*/, "expression: 'false'"),
      );
      const results = await bench.kyverno(never, large);
      const judged = results.map(({ verdicts }) => verdicts.map(({ object }) => object.kind).join(' '));
      assert.deepEqual(judged, [
        'ConfigMap',
        'Endpoints',
        'Pod Deployment CronJob',
        'Deployment',
        'CronJob',
        'Ingress',
        'NetworkPolicy',
        'Widget',
      ]);
    } finally {
      bench.close();
    }
  });
});
