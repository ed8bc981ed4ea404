import assert from 'node:assert/strict';
import { liesBesidePolicies } from '../../../tasks/common/policy/beside-policies.ts';
import { gatekeeperPolicies } from '../../../tasks/common/policy/gatekeeper/policies.ts';
import { kyvernoPolicies } from '../../../tasks/common/policy/kyverno/policies.ts';
import { documents } from './policy-bench.ts';
import {
  clusterPolicy,
  constraint,
  noPrivileged,
  noServices,
  privilegedTemplate,
} from '../../bench/sample-policies.ts';

const kyverno = (...files: string[]) => kyvernoPolicies(documents(files)).policies;
const gatekeeper = (...files: string[]) => gatekeeperPolicies(documents(files)).policies;

/** A document of Kyverno's newer API. */
const ofKind = (kind: string, spec = '{}'): string =>
  `{apiVersion: policies.kyverno.io/v1, kind: ${kind}, metadata: {name: a}, spec: ${spec}}`;

const isBeside = (apiVersion: string, kind: string): boolean => liesBesidePolicies({ apiVersion, kind });

describe('Policies of Kyverno, before kyverno sees them', () => {
  it('are none where they are misspelt, without rules, or of another engine', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      [ofKind('ValidatingPolcy'), /0\.yaml holds "a" of the kind "ValidatingPolcy", which Kyverno does not have/],
      [ofKind('ValidatingPolicy'), /ValidatingPolicy "a" in policies\/0\.yaml has no validations/],
      [
        clusterPolicy('a', noServices).replace('rules:', 'rulez:'),
        /ClusterPolicy "a" in policies\/0\.yaml has no rules/,
      ],
      [
        noPrivileged('a').replace('policies.kyverno.io/v1', 'policies.kyverno.oi/v1'),
        /is no policy of Kyverno: correct it/,
      ],
      ['{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}', /"ConfigMap \(v1\)", which is no policy of Kyverno/],
      [constraint('a'), /is no policy of Kyverno but one of Gatekeeper: check it with the engine gatekeeper/],
      [clusterPolicy('a', noServices).replace('Cluster', ''), /Policy "a" in policies\/0\.yaml names no namespace/],
      [noPrivileged("''"), /holds a "ValidatingPolicy" without a name/],
    ];
    for (const [text, message] of wrong) assert.throws(() => kyverno(text), message);
  });

  it('have one name each, but a kind for itself', () => {
    const both = [clusterPolicy('a', noServices), noPrivileged('a')];
    assert.deepEqual(
      kyverno(...both).map(({ kind, name }) => `${kind} ${name}`),
      ['ClusterPolicy a', 'ValidatingPolicy a'],
    );
    assert.throws(
      () => kyverno(noPrivileged('a'), noPrivileged('a')),
      /stands in policies\/0\.yaml and again in policies\/1\.yaml/,
    );
  });

  it('cannot be checked where they change objects or ask somebody, which is said of each', () => {
    const changing = 'match: { any: [{ resources: { kinds: [Pod] } }] }, mutate: { patchStrategicMerge: {} }';
    const nested = `validate: { foreach: [{ list: a, context: [{ name: b, apiCall: { urlPath: /api } }], deny: {} }] }`;
    const asking = `{validations: [{expression: "http.Get('https://a').b"}]}`;
    const reasons = [
      clusterPolicy('a', changing),
      clusterPolicy('b', nested),
      ofKind('MutatingPolicy'),
      ofKind('GeneratingPolicy'),
      ofKind('ImageValidatingPolicy'),
      ofKind('ValidatingPolicy', asking),
      ofKind('ValidatingPolicy', "{validations: [{expression: request.userInfo.username != 'root'}]}"),
      ofKind('ValidatingPolicy', '{validations: [{expression: authorizer.requestResource.check("x").allowed()}]}'),
      ofKind('ValidatingPolicy', "{evaluation: {mode: JSON}, validations: [{expression: 'true'}]}"),
    ].map(
      (text) =>
        kyverno(text).map(({ document, unchecked }) => (document === undefined ? unchecked.join() : 'checked'))[0],
    );
    assert.deepEqual(reasons, [
      'its rule "only" changes objects (mutate)',
      'its rule "only" asks an API (apiCall)',
      'it changes objects',
      'it makes other objects',
      'it asks registries for signatures of images',
      'it asks a web address (http.…)',
      'it asks who sends an object (request.userInfo)',
      'it asks what a user may do (authorizer)',
      'it checks no objects of Kubernetes (evaluation.mode is "JSON")',
    ]);
  });

  it('deny by the rule, and by the strictest where Kyverno names one that the author did not write', () => {
    const both = clusterPolicy('a', `failureAction: x, ${noServices}`).replace(
      'rules: [',
      'rules: [{ name: strict, validate: { failureAction: enforce, deny: {} } }, ',
    );
    const [policy] = kyverno(both);
    assert.deepEqual(
      ['strict', 'only', 'autogen-other'].map((rule) => policy?.denies(rule, 'shop')),
      [true, false, true],
    );
  });

  it('keep the rules that can be checked, beside those that cannot', () => {
    const both = clusterPolicy('a', noServices).replace(
      'rules: [',
      'rules: [{ name: change, mutate: { patchesJson6902: "" } }, ',
    );
    const [policy] = kyverno(both);
    assert.deepEqual(policy?.unchecked, ['its rule "change" changes objects (mutate)']);
    assert.match(JSON.stringify(policy?.document), /"rules":\[\{"name":"only"/);
  });
});

describe('What lies between policies', () => {
  it('is none where it is a sample or a test, and only where it cannot be a policy with a wrong apiVersion', () => {
    const beside = [
      'v1 Pod',
      'apps/v1 Deployment',
      'networking.k8s.io/v1 NetworkPolicy',
      'policy/v1beta1 PodSecurityPolicy',
    ];
    beside.push(
      'cli.kyverno.io/v1alpha1 Test',
      'test.gatekeeper.sh/v1alpha1 Suite',
      'admission.k8s.io/v1 AdmissionReview',
    );
    const strict = [
      'v1 ClusterPolicy',
      'apps/v1 PolicyException',
      'v1 ConstraintTemplate',
      'kyverno.oi/v1 Policy',
      ' Pod',
      'v1 ',
    ];
    strict.push('admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding', 'contoso.com/v1 Widget');
    const found = [...beside, ...strict].filter((each) => isBeside(each.split(' ')[0] ?? '', each.split(' ')[1] ?? ''));
    assert.deepEqual(found, beside);
  });
});

describe('Policies of Gatekeeper, before gator sees them', () => {
  const template = privilegedTemplate();

  it('are none without their template, of another engine, or with an action that does not exist', () => {
    assert.throws(
      () => gatekeeper(constraint('a')),
      /"a" of the kind "K8sNoPrivileged", whose ConstraintTemplate is not among/,
    );
    const odd = '{apiVersion: constructor/v1, kind: a, metadata: {name: a}}';
    assert.throws(() => gatekeeper(odd), /"a \(constructor\/v1\)", which is nothing of Gatekeeper/);
    assert.throws(() => gatekeeper(noPrivileged('a')), /but a policy of Kyverno: check it with the engine kyverno/);
    assert.throws(
      () => gatekeeper(template, constraint('a', { spec: 'enforcementAction: dney,' })),
      /the constraint "a" has the enforcement action "dney"; Gatekeeper has deny, warn, dryrun and scoped/,
    );
    assert.throws(
      () => gatekeeper(template, template),
      /template of "K8sNoPrivileged" stands in policies\/0\.yaml and again/,
    );
  });

  it('cannot be checked where they change objects, ask others, or nothing uses them', () => {
    const external = privilegedTemplate('violation[{"msg": "x"}] { external_data({"provider": "p", "keys": []}) }');
    const inventory = privilegedTemplate('violation[{"msg": "x"}] { data.inventory.cluster }');
    const asking = [
      'http["send"]({})',
      'net.lookup_ip_addr("contoso.com")',
      'input.review.operation == "CREATE"',
      'input.review.userInfo.username == "root"',
      'input.review.namespaceObject.metadata',
      'input.review.resource.resource == "pods"',
    ].map((code) => privilegedTemplate(`violation[{"msg": "x"}] { ${code} }`));
    const assign = '{apiVersion: mutations.gatekeeper.sh/v1, kind: Assign, metadata: {name: a}}';
    const used = [external, inventory, ...asking].map((each) => [each, constraint('a')]);
    const said = [...used, [assign], [template]].map(
      (files) => gatekeeper(...files).map(({ kind, unchecked }) => `${kind}: ${unchecked.join()}`)[0],
    );
    assert.deepEqual(said, [
      'K8sNoPrivileged: its template asks a provider of external data (external_data)',
      'K8sNoPrivileged: its template looks at other objects of the cluster (data.inventory)',
      'K8sNoPrivileged: its template asks a web address (http.send)',
      'K8sNoPrivileged: its template looks up addresses (net.lookup_ip_addr)',
      'K8sNoPrivileged: its template asks whether an object is created (operation), which gator does not say',
      'K8sNoPrivileged: its template asks who sends an object (userInfo), which gator does not say',
      'K8sNoPrivileged: its template looks at the namespace (namespaceObject), which gator does not give',
      'K8sNoPrivileged: its template asks how an object is sent (review.resource, review.options), which gator does not say',
      'Assign: it changes objects',
      'ConstraintTemplate: no constraint among the policies uses this template',
    ]);
    const updates = privilegedTemplate('violation[{"msg": "x"}] { not input.review.operation == "UPDATE" }');
    assert.deepEqual(gatekeeper(updates, constraint('a'))[0]?.unchecked, [], 'as the policies of Azure ask');
    const noted = privilegedTemplate(
      '# unlike data.inventory, or http.send\n        violation[{"msg": "x"}] { false }',
    );
    assert.deepEqual(gatekeeper(noted, constraint('a'))[0]?.unchecked, [], 'what a comment says is not asked');
  });
});
