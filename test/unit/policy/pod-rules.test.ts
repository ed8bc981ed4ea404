import assert from 'node:assert/strict';
import { clusterPolicy, noPrivileged, ordersManifest } from '../../bench/sample-policies.ts';
import { PolicyBench, told } from './policy-bench.ts';

const isFalse = `validate: { failureAction: Enforce, message: No., pattern: { spec: { =(containers): [{ =(securityContext): { =(privileged): 'false' } }] } } }`;
const of = (resources: string): string => `match: { any: [{ resources: { ${resources} } }] }, ${isFalse}`;

describe('Pods of workloads, by the real kyverno', () => {
  let bench: PolicyBench;
  before(() => {
    bench = new PolicyBench();
  });
  after(() => bench.close());

  it('are judged where Kyverno does not judge the workload for them, beside a pod that passes', async () => {
    const unmade = noPrivileged('unmade', 'autogen: { podControllers: { controllers: [] } }');
    const byLabel = noPrivileged('by-label').replace(
      'matchConstraints: {',
      'matchConstraints: { objectSelector: { matchLabels: { app: orders } },',
    );
    const results = await bench.kyverno(
      [
        unmade,
        byLabel,
        clusterPolicy('by-selector', of('kinds: [Pod], selector: { matchLabels: { app: orders } }')),
        clusterPolicy('of-two-kinds', of('kinds: [Pod, Service]')),
        clusterPolicy('by-annotation', of('kinds: [v1/Pod]')).replace(
          'name: by-annotation',
          'name: by-annotation, annotations: { pod-policies.kyverno.io/autogen-controllers: none }',
        ),
      ],
      ordersManifest,
    );
    const refused = results.map(({ policy, state, verdicts }) => [
      policy.name,
      state,
      ...verdicts.filter(({ result }) => result === 'fail').map(({ object }) => object.owner?.kind ?? object.kind),
    ]);
    assert.deepEqual(refused, [
      ['unmade', 'failed', 'Deployment'],
      ['by-label', 'failed', 'Deployment'],
      ['by-selector', 'failed', 'Deployment'],
      ['of-two-kinds', 'failed', 'Deployment'],
      ['by-annotation', 'failed', 'Deployment'],
    ]);
  });

  it('are told once with their workload, and on their own where only they are refused', async () => {
    const several = of('kinds: [Pod, Service, Deployment]');
    const results = await bench.kyverno(
      [clusterPolicy('of-several', several), noPrivileged('of-pods')],
      ordersManifest,
    );
    assert.deepEqual(told(results), [
      'of-several: failed',
      '  only fail Deployment shop/orders (its pods)',
      '  only pass Deployment shop/orders',
      '  only pass Pod shop/migrate',
      '  only pass Service shop/orders',
      'of-pods: failed',
      '  fail Deployment shop/orders',
      '  pass Pod shop/migrate',
    ]);
  });
});
