import assert from 'node:assert/strict';
import { kyvernoPolicies } from '../../../tasks/common/policy/kyverno/policies.ts';
import { clusterPolicy, noServices } from '../../bench/sample-policies.ts';
import { documents } from './policy-bench.ts';

const kyverno = (...files: string[]) => kyvernoPolicies(documents(files)).policies;

/** A document of Kyverno's newer API. */
const ofKind = (kind: string, spec = '{}'): string =>
  `{apiVersion: policies.kyverno.io/v1, kind: ${kind}, metadata: {name: a}, spec: ${spec}}`;

const override = (action: string, where: string): string => `[{ action: ${action}, ${where} }]`;

describe('Rules of Kyverno, before kyverno sees them', () => {
  it('deny by the override for the namespace, and by the stricter where labels decide', () => {
    const deny = 'match: { any: [{ resources: { kinds: [Service] } }] }, validate: { FIELDS deny: {} }';
    const ofRule = (fields: string, spec = ''): string => clusterPolicy('a', deny.replace('FIELDS', fields), spec);
    const policies = [
      ofRule(
        '',
        `validationFailureAction: Audit, validationFailureActionOverrides: ${override('Enforce', 'namespaces: [prod-*]')},`,
      ),
      ofRule(
        '',
        `validationFailureAction: Enforce, validationFailureActionOverrides: ${override('Audit', 'namespaces: [shop]')},`,
      ),
      ofRule(`failureAction: Enforce, failureActionOverrides: ${override('Audit', 'namespaces: [sh?p]')},`),
      ofRule(
        `failureAction: Audit, failureActionOverrides: ${override('Enforce', 'namespaceSelector: { matchLabels: { a: b } }')},`,
      ),
      ofRule(
        `failureActionOverrides: ${override('Audit', 'namespaces: [shop]')},`,
        'validationFailureAction: Enforce,',
      ),
      ofRule('failureAction: Audit,', `validationFailureActionOverrides: ${override('Enforce', 'namespaces: ["*"]')},`),
      ofRule('', 'validationFailureAction: Enforce, admission: false,'),
    ].map((text) => kyverno(text)[0]);
    const denied = policies.map((policy) =>
      ['shop', 'prod-1', ''].filter((name) => policy?.denies('only', name)).join(),
    );
    assert.deepEqual(denied, ['prod-1', 'prod-1,', 'shop,prod-1,', 'shop,prod-1,', 'prod-1,', '', '']);
    const silent = ofKind(
      'ValidatingPolicy',
      "{evaluation: {admission: {enabled: false}}, validations: [{expression: 'true'}]}",
    );
    assert.equal(kyverno(silent)[0]?.denies('', 'shop'), false);
  });

  it('cannot be checked where they ask who sends an object, or take parameters', () => {
    const services = 'match: { any: [{ resources: { kinds: [Service] } }] }';
    const validate = (fields: string): string => `${services}, validate: { ${fields} }`;
    const rules = [
      `match: { any: [{ resources: { kinds: [Service] }, subjects: [{ kind: User, name: a }] }] }, validate: { deny: {} }`,
      `${services}, preconditions: { all: [{ key: "{{ request.roles }}", operator: AnyIn, value: [a] }] }, validate: { deny: {} }`,
      validate(
        `deny: { conditions: { any: [{ key: "{{ to_upper(serviceAccountName) }}", operator: Equals, value: A }] } }`,
      ),
      validate(`cel: { expressions: [{ expression: "request.userInfo.username != 'a'" }] }`),
      validate(
        `cel: { paramKind: { apiVersion: v1, kind: ConfigMap }, expressions: [{ expression: "params.data.a == 'b'" }] }`,
      ),
      validate(`pattern: { spec: { serviceAccountName: "{{ request.object.spec.serviceAccountName }}" } }`),
      `${services}, exclude: { any: [{ clusterRoles: [cluster-admin] }] }, validate: { deny: {} }`,
    ];
    assert.deepEqual(
      rules.map((rule) => kyverno(clusterPolicy('a', rule))[0]?.unchecked.join()),
      [
        'its rule "only" is for some users alone (subjects, roles or clusterRoles)',
        'its rule "only" asks who sends an object (such as request.userInfo)',
        'its rule "only" asks who sends an object (such as request.userInfo)',
        'its rule "only": it asks who sends an object (request.userInfo)',
        'its rule "only" takes parameters from objects of the cluster (paramKind)',
        '',
        '',
      ],
    );
    const annotated = (what: string): string =>
      ofKind('ValidatingPolicy', `{validations: [{expression: "has(namespaceObject.metadata.${what}) "}]}`);
    assert.match(kyverno(annotated('annotations'))[0]?.unchecked.join() ?? '', /more of the namespace than its labels/);
    assert.deepEqual(kyverno(annotated('labels'))[0]?.unchecked, []);
    const notes = ofKind('ValidatingPolicy', '{auditAnnotations: [{key: a, valueExpression: "\'b\'"}]}');
    assert.deepEqual(kyverno(notes)[0]?.unchecked, ['it refuses nothing, and only takes notes (auditAnnotations)']);
  });

  it('are given without conditions for the webhook, which end kyverno, and that is said', () => {
    const conditions = 'webhookConfiguration: { matchConditions: [{ name: a, expression: "true" }] },';
    const [policy] = kyverno(clusterPolicy('a', noServices, conditions));
    assert.doesNotMatch(JSON.stringify(policy?.document), /webhookConfiguration/);
    assert.match(policy?.unchecked.join() ?? '', /webhookConfiguration\.matchConditions are not asked/);
  });
});
