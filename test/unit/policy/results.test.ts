import assert from 'node:assert/strict';
import { clusterPolicy, noPrivileged, noServices, ordersManifest } from '../../bench/sample-policies.ts';
import { assess, type Assessment, countsIn } from '../../../tasks/common/policy/assess.ts';
import type { PolicyResult } from '../../../tasks/common/policy/judge.ts';
import { junitText } from '../../../tasks/common/policy/junit.ts';
import { kyvernoPolicies } from '../../../tasks/common/policy/kyverno/policies.ts';
import { policyPage } from '../../../tasks/common/policy/page.ts';
import type { Policy, Verdict } from '../../../tasks/common/policy/policies.ts';
import { lineAt } from '../../../tasks/common/policy/rendered-line.ts';
import { objectsIn } from './objects-in.ts';
import { documents } from './policy-bench.ts';

const [deployment, , pod] = objectsIn(ordersManifest);

function policy(text: string): Policy {
  const [loaded] = kyvernoPolicies(documents([text])).policies;
  return loaded ?? assert.fail('a policy was loaded');
}

/** A policy's result. @param verdicts results on the Deployment, each with its message */
function result(
  name: string,
  state: PolicyResult['state'],
  verdicts: Partial<Record<Verdict['result'], string>> = {},
): PolicyResult {
  const loaded = policy(noPrivileged(name));
  const given = Object.entries(verdicts).map(([said, message]) => ({
    policy: loaded,
    rule: '',
    object: (said === 'pass' ? pod : deployment) ?? assert.fail(),
    result: said as Verdict['result'],
    message,
    path: '',
  }));
  return { policy: loaded, state, verdicts: given, reason: state === 'error' ? 'it is broken' : '', lacks: [] };
}

const passed = result('passed', 'passed', { pass: '' });
const bar = { failOn: 'error', allowUnmatched: [] } as const;

describe('What a check comes to', () => {
  const cases: readonly (readonly [string, readonly PolicyResult[], Assessment['result'], Assessment['result']])[] = [
    ['all pass', [passed], 'Succeeded', 'Succeeded'],
    ['an exception takes all out', [passed, result('a', 'skipped', { skip: 'x' })], 'Succeeded', 'Succeeded'],
    ['one warns', [passed, result('a', 'warned', { warn: 'x' })], 'SucceededWithIssues', 'Failed'],
    ['one cannot be checked', [passed, result('a', 'unchecked')], 'SucceededWithIssues', 'SucceededWithIssues'],
    ['one fails', [passed, result('a', 'failed', { fail: 'x' })], 'Failed', 'Failed'],
    ['one is broken', [passed, result('a', 'error')], 'Failed', 'Failed'],
    ['one matched nothing', [passed, result('a', 'unmatched')], 'Failed', 'Failed'],
    ['none can be checked', [result('a', 'unchecked')], 'Failed', 'Failed'],
  ];
  for (const [what, results, onError, onWarning] of cases) {
    it(`is ${onError} where ${what}, and ${onWarning} where warnings count`, () => {
      assert.equal(assess(results, bar).result, onError);
      assert.equal(assess(results, { ...bar, failOn: 'warning' }).result, onWarning);
      assert.notEqual(assess(results, { ...bar, failOn: 'never' }).result, 'Failed');
    });
  }

  it('lets named policies match nothing, but not all of them, and tells names that none has', () => {
    const open = result('a', 'unmatched');
    const allowed = { ...bar, allowUnmatched: ['a', 'b'] };
    assert.equal(assess([passed, open], allowed).result, 'Succeeded');
    assert.equal(assess([passed, open], { ...bar, allowUnmatched: ['ValidatingPolicy a'] }).result, 'Succeeded');
    assert.equal(
      assess([passed, result('azurepolicy-a', 'unmatched')], { ...bar, allowUnmatched: ['azurepolicy-*'] }).result,
      'Succeeded',
    );
    assert.equal(assess([open], allowed).result, 'Failed');
    assert.deepEqual(assess([passed, open], allowed).unknownNames, ['b']);
    assert.equal(countsIn(assess([passed, open], allowed)), 'of 2 policies 1 judged nothing, as is allowed, 1 passed');
  });
});

const junit = (results: readonly PolicyResult[], warningsFail = false): string =>
  junitText(assess(results, bar), warningsFail);

describe('The results for the Tests tab', () => {
  it('have a case for each object, and for each policy that was not judged', () => {
    const results = [
      result('a', 'failed', { fail: 'No <privileged>.\nNever.', pass: '', skip: 'by an exception', error: 'broken' }),
      result('b', 'unmatched'),
      result('c', 'error'),
      result('d', 'unchecked'),
    ];
    const text = junit(results);
    assert.match(text, /<testsuite name="ValidatingPolicy a" tests="4" failures="1" errors="1" skipped="1">/);
    assert.match(
      text,
      /name="Deployment shop\/orders"><failure message="No &lt;privileged&gt;\.">No &lt;privileged&gt;\.\nNever\.\nFrom: orders\.yaml<\/failure>/,
    );
    assert.match(text, /<skipped message="by an exception"\/>/);
    assert.match(text, /name="judges something"><failure message="The policy matched no object\.">/);
    assert.match(text, /name="can be judged by"><error message="it is broken">/);
  });

  it('have a warning as a case that passes, or fails where warnings count', () => {
    const results = [passed, result('a', 'warned', { warn: 'Old.' })];
    assert.match(junit(results), /<system-out>Old\.\nFrom: orders\.yaml<\/system-out>/);
    assert.match(junit(results, true), /<failure message="Old\.">/);
  });

  it('hold nothing that ends the XML or speaks to the agent, however long it is', () => {
    const hostile = `]]></failure></testsuite> ##vso[task.complete result=Succeeded] \u0000\u001b\uffff ${'a'.repeat(10_000_000)}`;
    const text = junit([result('a', 'failed', { fail: hostile })]);
    assert.ok(text.length < 20_000, `${text.length} characters`);
    assert.equal(text.match(/<\/testsuite>/g)?.length, 1);
    assert.doesNotMatch(text, /##vso\[/);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
  });

  it('have names of one line that a title has room for', () => {
    const [verdict] = passed.verdicts;
    assert.ok(verdict);
    const name = `orders\n##vso[task.complete]${'x'.repeat(100_000)}`;
    const text = junit([{ ...passed, verdicts: [{ ...verdict, object: { ...verdict.object, name } }] }]);
    assert.match(text, /name="Pod shop\/orders ##_vso\[task\.complete\]x+…x+"/);
    assert.ok(text.length < 1000, `${text.length} characters`);
  });

  it('leave out first what passed where there are too many', () => {
    const many = result('a', 'failed', { fail: 'No.' });
    const [object] = passed.verdicts;
    const passes = Array.from({ length: 10_001 }, () => ({ ...(object ?? assert.fail()), policy: many.policy }));
    const text = junit([{ ...many, verdicts: [...passes, ...many.verdicts] }]);
    assert.match(text, /tests="1" failures="1"/);
  });
});

describe('The page of a check', () => {
  it('tells what is refused first, with its place, and shows foreign text as it is', () => {
    const rule = policy(clusterPolicy('by-rule', noServices));
    const verdict = {
      policy: rule,
      rule: 'only',
      object: deployment ?? assert.fail(),
      result: 'fail' as const,
      message: '<img src=x> | **bold** ##vso[task.complete]',
      path: 'spec.template.spec.containers[0].image',
    };
    const results: PolicyResult[] = [
      passed,
      { policy: rule, state: 'failed', verdicts: [verdict], reason: '', lacks: ['its rule "other" matched no object'] },
    ];
    const page = policyPage(assess(results, bar), 'The chart orders 1.0.0');
    assert.match(
      page,
      /^\*\*Failed\.\*\* The chart orders 1\\\.0\\\.0: of 2 policies 1 failed, 1 passed\.\n\n### Refused/,
    );
    assert.match(page, /### Not judged[^#]*its rule \\"other\\" matched no object/);
    assert.match(page, /orders\\\.yaml\\, line 11 of the document/);
    assert.doesNotMatch(page, /[^\\]<img|\*\*bold|##vso\[/);
  });

  it('shows fifty of many, and says how many more there are', () => {
    const warned = result('a', 'warned', { warn: 'Old.' });
    const verdicts = Array.from({ length: 60 }, () => warned.verdicts[0] ?? assert.fail());
    const page = policyPage(assess([passed, { ...warned, verdicts }], bar), 'The chart');
    assert.match(page, /And 10 more, which the Tests tab shows\./);
  });
});

describe('The line of a field', () => {
  const text = '\n# Source: a\nspec:\n  containers:\n    - name: web\n      image: b # c\n';
  const at = (path: string, kind = 'Pod'): unknown => lineAt({ kind, text }, path);

  it('is the one of its key, or of the innermost that is there', () => {
    assert.deepEqual(at('spec.containers[0].image'), { number: 6, text: 'image: b # c' });
    assert.deepEqual(at('spec.containers[0].ports[0]'), { number: 5, text: '- name: web' });
  });

  it('is none where there is nothing of it, and of a Secret', () => {
    assert.equal(at('status'), undefined);
    assert.equal(at('spec.containers', 'Secret'), undefined);
    assert.equal(lineAt({ kind: 'Pod', text: '"' }, 'spec'), undefined);
  });
});
