import assert from 'node:assert/strict';
import { PolicyBench, told } from './policy-bench.ts';
import { constraint, ordersManifest, privilegedTemplate } from '../../bench/sample-policies.ts';

const template = privilegedTemplate();

describe('Constraints that the real gator judges by', () => {
  let bench: PolicyBench;
  before(() => {
    bench = new PolicyBench();
  });
  after(() => bench.close());

  it('fail for the pods of workloads, also those for objects as they are given (source: Original)', async () => {
    const original = constraint('original', { match: ', source: Original' });
    const generated = constraint('generated', { match: ', source: Generated' });
    const results = await bench.gator([template, original, generated], ordersManifest);

    assert.deepEqual(told(results), [
      'original: failed',
      '  fail Deployment shop/orders (its pods)',
      '  pass Pod shop/migrate',
      'generated: failed',
      '  fail Deployment shop/orders (its pods)',
    ]);
    assert.equal(results[1]?.verdicts[0]?.message, 'The container web is privileged.');
  });

  it('warn where Gatekeeper would let the object pass', async () => {
    const actions = ['dryrun', 'warn', 'deny'].map((action) =>
      constraint(action, { spec: `enforcementAction: ${action},` }),
    );
    const scoped = constraint('scoped', {
      spec: `enforcementAction: scoped, scopedEnforcementActions: [{ action: warn, enforcementPoints: [{ name: '*' }] }, { action: deny, enforcementPoints: [{ name: gator.gatekeeper.sh }] }],`,
    });
    const results = await bench.gator([template, ...actions, scoped], ordersManifest);

    assert.deepEqual(
      results.map(({ policy, state }) => `${policy.name}: ${state}`),
      ['dryrun: warned', 'warn: warned', 'deny: failed', 'scoped: warned'],
    );
  });

  it('are unmatched where they are about nothing of it, and skip what they exclude', async () => {
    const jobs = constraint('jobs').replace('kinds: [Pod]', 'kinds: [Job]');
    const excluding = constraint('excluding', { match: ', excludedNamespaces: [shop]' });
    const excludingOthers = constraint('excluding-others', { match: ', excludedNamespaces: [other]' });
    const results = await bench.gator([template, jobs, excluding, excludingOthers], ordersManifest);

    assert.deepEqual(told(results), [
      'jobs: unmatched',
      'excluding: skipped',
      '  skip Deployment shop/orders (its pods)',
      '  skip Pod shop/migrate',
      'excluding-others: failed',
      '  fail Deployment shop/orders (its pods)',
      '  pass Pod shop/migrate',
    ]);
  });

  it('match by labels of the namespace', async () => {
    const selecting = constraint('selecting', { match: ', namespaceSelector: { matchLabels: { env: prod } }' });
    const states = async (labels: Record<string, string>): Promise<string[]> =>
      (await bench.gator([template, selecting], ordersManifest, new Map([['shop', labels]]))).map(({ state }) => state);

    assert.deepEqual(await states({}), ['unmatched']);
    assert.deepEqual(await states({ env: 'prod' }), ['failed']);
  });

  it('are errors where their template or parameters are wrong, and the others are judged', async () => {
    const mistyped = constraint('mistyped', { spec: 'macth: {},' });
    const results = await bench.gator([template, mistyped, constraint('right')], ordersManifest);

    assert.deepEqual(
      results.map(({ policy, state }) => `${policy.name}: ${state}`),
      ['mistyped: error', 'right: failed'],
    );
    assert.match(results[0]?.reason ?? '', /unknown fields: \[spec\.macth\]/);

    const broken = privilegedTemplate('violation[{"msg": "x"}] { input.review.object.spec[ }');
    const [only] = await bench.gator([broken, constraint('only')], ordersManifest);
    assert.equal(only?.state, 'error');
    assert.match(only?.reason ?? '', /rego_parse_error/);
  });

  it('judge by nothing that the chart brings along', async () => {
    const harmless = privilegedTemplate('violation[{"msg": "x"}] { false }');
    const results = await bench.gator(
      [template, constraint('only')],
      `${ordersManifest}\n---\n${harmless}\n---\n${constraint('own')}`,
    );

    assert.deepEqual(
      results.map(({ policy, state }) => `${policy.name}: ${state}`),
      ['only: failed'],
    );
  });
});
