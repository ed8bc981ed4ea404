import assert from 'node:assert/strict';
import { PolicyBench, told } from './policy-bench.ts';
import { clusterPolicy, noPrivileged, noServices, ordersManifest } from '../../bench/sample-policies.ts';
import { objectsIn } from './objects-in.ts';

const pod = (privileged: boolean): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, securityContext: {privileged: ${privileged}}}]}}`;

/** A binding of the policy `of-kubernetes`. @param scope more of it, in YAML's flow style */
const binding = (name: string, action: string, scope = ''): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: ${name} }
spec: { policyName: of-kubernetes, validationActions: [${action}] ${scope} }`;

describe('Policies that the real kyverno judges by', () => {
  let bench: PolicyBench;
  before(() => {
    bench = new PolicyBench();
  });
  after(() => bench.close());

  it('fail for what a cluster would refuse, of workloads as of pods and hooks', async () => {
    const results = await bench.kyverno([noPrivileged('no-privileged')], ordersManifest);

    assert.deepEqual(told(results), [
      'no-privileged: failed',
      '  fail Deployment shop/orders',
      '  pass Pod shop/migrate',
    ]);
    assert.equal(
      results[0]?.verdicts.find(({ result }) => result === 'fail')?.message,
      'Privileged containers are not allowed.',
    );
  });

  it('warn where they only audit or warn, whatever the engine calls it', async () => {
    const audit = noPrivileged('audits', 'validationActions: [Audit]');
    const warn = noPrivileged('warns', 'validationActions: [Warn]');
    const rule = clusterPolicy('by-default', noServices);
    const enforced = clusterPolicy('enforced', noServices, 'validationFailureAction: Enforce,');
    const results = await bench.kyverno([audit, warn, rule, enforced], ordersManifest);

    assert.deepEqual(
      results.map(({ policy, state }) => `${policy.name}: ${state}`),
      ['audits: warned', 'warns: warned', 'by-default: warned', 'enforced: failed'],
    );
  });

  it('are told by their own rules, with the field at fault, where warnings stand before the report', async () => {
    const rule = `match: { any: [{ resources: { kinds: [Pod] } }] }, validate: { failureAction: Enforce, message: No., pattern: { spec: { containers: [{ =(securityContext): { =(privileged): 'false' } }] } } }`;
    const results = await bench.kyverno([clusterPolicy('by-pattern', rule)], ordersManifest);

    const failed = results[0]?.verdicts.find(({ result }) => result === 'fail');
    assert.ok(failed);
    assert.equal(failed.rule, 'only');
    assert.equal(failed.message, 'No.');
    assert.equal(failed.path, 'spec.template.spec.containers[0].securityContext.privileged');
  });

  it('are unmatched where nothing is of their kind, and none of it passes for green', async () => {
    const cronJobs = noPrivileged('cron-jobs')
      .replace('resources: [pods]', 'resources: [cronjobs]')
      .replace('[""]', '[batch]');
    const results = await bench.kyverno([cronJobs], ordersManifest);

    assert.deepEqual(told(results), ['cron-jobs: unmatched']);
  });

  it('tell which of their rules matched nothing', async () => {
    const policy = clusterPolicy('two-rules', noServices).replace(
      'rules: [',
      'rules: [{ name: nodes, match: { any: [{ resources: { kinds: [Node] } }] }, validate: { deny: {} } }, ',
    );
    const [result] = await bench.kyverno([policy], ordersManifest);

    assert.equal(result?.state, 'warned');
    assert.deepEqual(result.lacks, ['its rule "nodes" matched no object']);
  });

  it('are errors where kyverno passes over them in silence, which spoils no other', async () => {
    const mistyped = noPrivileged('mistyped', 'validationActons: [Deny]');
    const results = await bench.kyverno([mistyped, noPrivileged('no-privileged')], ordersManifest);

    assert.deepEqual(told(results).slice(0, 2), ['mistyped: error', 'no-privileged: failed']);
    assert.match(results[0]?.reason ?? '', /spec\.validationActons/);
  });

  it('are errors where their code does not compile, and where kyverno leaves them out', async () => {
    const broken = noPrivileged('broken').replace('object.spec', 'objet.spec');
    const invalid = clusterPolicy(
      'invalid',
      'match: { any: [{ resources: { kinds: [Pod] } }] }, validate: { message: x }',
    );
    const results = await bench.kyverno([broken, invalid, noPrivileged('no-privileged')], ordersManifest);

    assert.deepEqual(
      results.map(({ policy, state }) => `${policy.name}: ${state}`),
      ['broken: error', 'invalid: error', 'no-privileged: failed'],
    );
    assert.match(results[0]?.reason ?? '', /undeclared reference to 'objet'/);
  });

  it('are errors, not violations, where they end in an error', async () => {
    const failing = noPrivileged('failing').replace('object.spec.containers', 'object.spec.nothing');
    assert.deepEqual(told(await bench.kyverno([failing], ordersManifest)), [
      'failing: error',
      '  error Deployment shop/orders',
      '  error Pod shop/migrate',
    ]);
  });

  it('skip what an exception takes out, with its name, and what their conditions leave out', async () => {
    const exception = `
apiVersion: policies.kyverno.io/v1
kind: PolicyException
metadata: { name: legacy, namespace: shop }
spec:
  policyRefs: [{ name: no-privileged, kind: ValidatingPolicy }]
  matchConditions: [{ name: only-orders, expression: "object.metadata.name == 'orders'" }]`;
    const results = await bench.kyverno([noPrivileged('no-privileged'), exception], ordersManifest);

    assert.deepEqual(told(results), [
      'no-privileged: passed',
      '  pass Pod shop/migrate',
      '  skip Deployment shop/orders',
    ]);
    assert.match(
      results[0]?.verdicts.find(({ result }) => result === 'skip')?.message ?? '',
      /exception: shop\/legacy/,
    );
  });

  it('take an exception from the policies alone, not from what is checked', async () => {
    const own = `
---
apiVersion: policies.kyverno.io/v1
kind: PolicyException
metadata: { name: of-the-chart }
spec: { policyRefs: [{ name: no-privileged, kind: ValidatingPolicy }] }`;
    const results = await bench.kyverno([noPrivileged('no-privileged')], ordersManifest + own);

    assert.deepEqual(
      results.map(({ state }) => state),
      ['failed'],
    );
  });

  it('match by labels of the namespace, which are given or stand in the objects', async () => {
    const selecting = noPrivileged('production').replace(
      'matchConstraints: {',
      'matchConstraints: { namespaceSelector: { matchLabels: { env: prod } },',
    );
    const namespace = '\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {env: prod}}}';
    const states = async (objects: string, labels = new Map<string, Record<string, string>>()): Promise<string[]> =>
      (await bench.kyverno([selecting], objects, labels)).map(({ state }) => state);

    assert.deepEqual(await states(ordersManifest), ['unmatched']);
    assert.deepEqual(await states(ordersManifest + namespace), ['failed']);
    assert.deepEqual(await states(ordersManifest, new Map([['shop', { env: 'prod' }]])), ['failed']);
  });

  it('judge by rules of namespaces, by their namespace', async () => {
    const policy = clusterPolicy('of-shop', noServices)
      .replace('ClusterPolicy', 'Policy')
      .replace('name: of-shop', 'name: of-shop, namespace: shop');
    const elsewhere = policy.replace('namespace: shop', 'namespace: other');

    assert.deepEqual(told(await bench.kyverno([policy, elsewhere], ordersManifest)), [
      'shop/of-shop: warned',
      '  only warn Service shop/orders',
      'other/of-shop: unmatched',
    ]);
  });

  it('of Kubernetes judge the pods of workloads, and do what their bindings say', async () => {
    const policy = noPrivileged('of-kubernetes', '')
      .replace('policies.kyverno.io/v1', 'admissionregistration.k8s.io/v1')
      .replace('ValidatingPolicy', 'ValidatingAdmissionPolicy');
    const elsewhere = `, matchResources: { namespaceSelector: { matchLabels: { env: prod } } }`;
    const states = async (...bindings: string[]): Promise<string[]> =>
      (await bench.kyverno([policy, ...bindings], ordersManifest)).map(({ state }) => state);

    assert.deepEqual(told(await bench.kyverno([policy], ordersManifest)), [
      'of-kubernetes: failed',
      '  fail Deployment shop/orders (its pods)',
      '  pass Pod shop/migrate',
    ]);
    assert.deepEqual(told(await bench.kyverno([policy, binding('all', 'Warn')], ordersManifest)), [
      'of-kubernetes: warned',
      '  pass Pod shop/migrate',
      '  warn Deployment shop/orders (its pods)',
    ]);
    assert.deepEqual(await states(binding('all', 'Warn'), binding('prod', 'Deny', elsewhere)), ['warned']);
    assert.deepEqual(await states(binding('prod', 'Deny', elsewhere)), ['unmatched']);
  });

  it('are judged by objects of one name after the other, since kyverno takes no two', async () => {
    const results = await bench.kyverno([noPrivileged('no-privileged')], `${pod(true)}\n---\n${pod(false)}`);

    assert.equal(objectsIn(`${pod(true)}\n---\n${pod(false)}`).length, 2);
    assert.deepEqual(told(results), ['no-privileged: failed', '  fail Pod shop/a', '  pass Pod shop/a']);
  });
});
