import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { causes } from '../../../tasks/common/diagnosis/causes/index.ts';

/** Names on which machines rely: they may be added to, and nothing else. */
const known = [
  'acr-role',
  'acr-firewall',
  'image-not-found',
  'registry-unreachable',
  'wrong-architecture',
  'image-name-invalid',
  'config-missing',
  'runs-as-root',
  'key-vault-refused',
  'command-missing',
  'container-crashes',
  'out-of-memory',
  'probe-kills',
  'never-ready',
  'readiness-gate',
  'init-container',
  'not-enough-resources',
  'untolerated-taint',
  'no-matching-node',
  'volume-zone',
  'volume-attached-elsewhere',
  'claim-unbound',
  'subnet-full',
  'quota-exceeded',
  'limit-range',
  'pod-security',
  'azure-policy',
  'admission-policy',
  'webhook-down',
  'webhook-certificate',
  'workload-identity',
  'deployer-role',
  'field-immutable',
  'field-conflict',
  'foreign-owner',
  'kind-unknown',
  'kyverno-policy',
  'removed-api',
  'namespace-terminating',
  'hook-failed',
  'progress-deadline',
  'autoscaler',
  'load-balancer',
  'service-selects-nothing',
  'release-too-large',
  'api-outage',
  'pod-evicted',
];

describe('the table of causes', () => {
  it('has each cause once', () => {
    assert.deepEqual(causes.map(({ id }) => id).sort(), known.sort());
  });

  it('says of each how it shows and what mends it', () => {
    for (const { id, evidence, remedy, marks } of causes) {
      assert.ok(evidence !== '' && remedy !== '' && marks.length > 0, id);
      assert.doesNotMatch(evidence + remedy, /\.$|\n/, id);
    }
  });

  it('has a test of each', () => {
    const files = readdirSync(import.meta.dirname).filter(
      (name) => name.endsWith('.test.ts') && name !== 'table.test.ts',
    );
    const tests = files.map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8')).join('\n');
    const untested = known.filter((id) => !new RegExp(String.raw`'(?:\w+: )?${id}'`).test(tests));
    assert.deepEqual(untested, []);
  });
});
