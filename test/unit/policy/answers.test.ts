import assert from 'node:assert/strict';
import { violationsIn } from '../../../tasks/common/policy/gatekeeper/violations.ts';
import { errorIn, unreadFiles } from '../../../tasks/common/policy/kyverno/complaints.ts';
import { findingsIn } from '../../../tasks/common/policy/kyverno/findings.ts';
import { kyvernoPolicies } from '../../../tasks/common/policy/kyverno/policies.ts';
import { reportIn } from '../../../tasks/common/policy/kyverno/report.ts';
import { documents } from './policy-bench.ts';
import { noPrivileged, ordersManifest } from '../../bench/sample-policies.ts';
import { objectsIn } from './objects-in.ts';

const result = (fields: object): object => ({
  source: 'KyvernoValidatingPolicy',
  policy: 'no-privileged',
  result: 'fail',
  resources: [{ kind: 'Pod', namespace: 'shop', name: 'migrate', apiVersion: 'v1' }],
  message: 'No.',
  ...fields,
});

const report = (...results: object[]): string =>
  JSON.stringify({ kind: 'ClusterReport', apiVersion: 'openreports.io/v1alpha1', results });

const rule = '-'.repeat(70);

describe('What kyverno prints', () => {
  it('is read from the first report on, with all that follow it', () => {
    const stdout = [
      'Warning: a.yaml: kyverno.io/v1 ClusterPolicy is deprecated; {"kind":"ClusterReport","results":[]}',
      rule,
      'Policies Skipped:',
      '1. a: spec.rules[0]: Invalid value: x: y',
      '2. shop/b: no',
      rule,
      report(result({})),
      '---',
      report(result({ policy: 'shop/c' })).replace('ClusterReport', 'PolicyReport'),
    ].join('\n');
    const read = reportIn(stdout);
    assert.deepEqual(
      read?.results.map(({ policy }) => policy),
      ['no-privileged', 'shop/c'],
    );
    assert.deepEqual(
      [...(read?.skipped ?? [])],
      [
        ['a', 'spec.rules[0]: Invalid value: x: y'],
        ['shop/b', 'no'],
      ],
    );
  });

  it('is no report where nothing matched, and unreadable where one is cut or of another form', () => {
    assert.deepEqual(reportIn(''), { results: [], skipped: new Map(), isThere: false });
    const unreadable = [
      report(result({})).slice(0, -1),
      '{"kind":"List","results":[]}',
      '{"kind":"ClusterReport","results":{}}',
      report(result({ resources: [] })),
      report(result({ policy: 1 })),
    ];
    assert.deepEqual(
      unreadable.map(reportIn),
      unreadable.map(() => undefined),
    );
  });

  it('is taken for no answer where it tells of what was not asked, or by a word that is not known', () => {
    const { policies } = kyvernoPolicies(documents([noPrivileged('no-privileged')]));
    const found = (fields: object): unknown =>
      findingsIn(reportIn(report(result(fields))) ?? assert.fail(), policies, objectsIn(ordersManifest));
    assert.throws(
      () => found({ policy: 'other' }),
      /kyverno told of other and v1 Pod shop migrate, which it was not asked about/,
    );
    assert.throws(() => found({ result: 'green' }), /the result 'green', which is not known here/);
    assert.doesNotThrow(() => found({}));
  });

  it('says on stderr which files it passed over, and with which error it ended', () => {
    const passedOver =
      '\u001b[90m2026-11-27T23:34:10Z\u001b[0m -2 command.go:1188\u001b[0m\u001b[36m >\u001b[0m skipping invalid YAML file \u001b[36merror=\u001b[0m\u001b[31m\u001b[1m"failed to load file /a/policy-3.yaml: failed to parse document (spec.rulez: unknown field)"\u001b[0m\u001b[0m \u001b[36mlogger=\u001b[0mkubectl-kyverno';
    assert.deepEqual(
      [...unreadFiles(`other\n${passedOver}\n`)],
      [['policy-3.yaml', 'failed to parse document (spec.rulez: unknown field)']],
    );
    assert.equal(errorIn(`${passedOver}\nError: failed to compile\n | a\n | ^`), 'failed to compile | a | ^');
    assert.equal(
      errorIn('panic: pods "a" already exists\n\ngoroutine 1 [running]:\nmain.main()'),
      'pods "a" already exists',
    );
    assert.equal(errorIn(passedOver), '');
  });
});

describe('What gator prints', () => {
  const violation = {
    target: 'admission.k8s.gatekeeper.sh',
    msg: 'No.',
    constraint: { kind: 'K8sNoPrivileged', metadata: { name: 'a' } },
    violatingObject: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b', namespace: 'shop' } },
  };

  it('is a list of violations, or null, and else unreadable', () => {
    assert.deepEqual(violationsIn('null'), []);
    assert.equal(violationsIn(JSON.stringify([violation]))?.[0]?.isFound, true);
    assert.equal(violationsIn(JSON.stringify([{ ...violation, target: undefined }]))?.[0]?.isFound, false);
    const unreadable = [
      '',
      '{}',
      '[1]',
      JSON.stringify([{ ...violation, msg: 1 }]),
      JSON.stringify([violation]).slice(1),
    ];
    assert.deepEqual(
      unreadable.map(violationsIn),
      unreadable.map(() => undefined),
    );
  });
});
