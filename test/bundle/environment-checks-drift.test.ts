import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { CheckKind } from '../azure/devops/check-kinds.ts';
import type { CheckConfiguration } from '../azure/devops/configurations.ts';
import { inputsOf } from '../azure/devops/environment-checks.ts';
import type { PlayedEnvironment } from '../azure/devops/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers, sampleEnvironment } from '../bench/sample-environment.ts';

describe('EnvironmentChecks, on an environment that is as the file says', () => {
  const entry = sampleEnvironment('settled');
  let bench: ChecksBench;
  let environment: PlayedEnvironment;
  before(async () => {
    bench = await ChecksBench.start();
    addApprovers(bench);
    sound(await bench.apply([entry]));
    environment = bench.organization.environments.find('settled') ?? assert.fail();
  });
  after(() => bench.close());

  function sound(step: StepResult): void {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  }

  const checkOf = (kind: CheckKind): CheckConfiguration => environment.configurations.first(kind) ?? assert.fail();
  const set = (kind: CheckKind, settings: Readonly<Record<string, unknown>>): void => {
    const check = checkOf(kind);
    check.settings = { ...check.settings, ...settings };
  };
  const setInputs = (kind: CheckKind, inputs: Readonly<Record<string, string>>): void =>
    set(kind, { inputs: { ...inputsOf(checkOf(kind)), ...inputs } });
  const approversOf = (kind: CheckKind): unknown[] => {
    const list: unknown = checkOf(kind).settings['approvers'];
    return Array.isArray(list) ? list : [];
  };

  const byHand: readonly (readonly [what: string, label: string, field: string, change: () => void])[] = [
    [
      'an approver less',
      'Approvals',
      'approvers',
      () => set('approval', { approvers: approversOf('approval').slice(1) }),
    ],
    ['more approvals', 'Approvals', 'minimum', () => set('approval', { minRequiredApprovers: 2 })],
    ['other instructions', 'Approvals', 'instructions', () => set('approval', { instructions: 'Approve.' })],
    [
      'who asked may approve',
      'Approvals',
      'requesterCannotApprove',
      () => set('approval', { requesterCannotBeApprover: false }),
    ],
    ['a shorter time-out', 'Approvals', 'timeout', () => (checkOf('approval').timeout = 60)],
    ['an approval that is switched off', 'Approvals', 'state', () => (checkOf('approval').isDisabled = true)],
    [
      'another approver before',
      'Pre-check approvals',
      'approvers',
      () => set('preApproval', { approvers: [{ id: '11111111-2222-4333-8444-555555555555' }] }),
    ],
    [
      'a pre-approval that is switched off',
      'Pre-check approvals',
      'state',
      () => (checkOf('preApproval').isDisabled = true),
    ],
    [
      'another order of approvers',
      'Post-check approvals',
      'approvers',
      () => set('postApproval', { approvers: approversOf('postApproval').toReversed() }),
    ],
    [
      'no order of approvers',
      'Post-check approvals',
      'order',
      () => set('postApproval', { executionOrder: 'anyOrder' }),
    ],
    [
      'another branch',
      'Branch control',
      'allowed',
      () => setInputs('branchControl', { allowedBranches: 'refs/heads/*' }),
    ],
    [
      'branches without protection',
      'Branch control',
      'requireProtection',
      () => setInputs('branchControl', { ensureProtectionOfBranch: 'false' }),
    ],
    [
      'branch control that is switched off',
      'Branch control',
      'state',
      () => (checkOf('branchControl').isDisabled = true),
    ],
    [
      'another day',
      'Business hours',
      'days',
      () => setInputs('businessHours', { businessDays: 'Monday, Tuesday, Sunday' }),
    ],
    ['later hours', 'Business hours', 'to', () => setInputs('businessHours', { endTime: '23:59' })],
    [
      'another time zone',
      'Business hours',
      'timeZone',
      () => setInputs('businessHours', { timeZone: 'W. Europe Standard Time' }),
    ],
    ['a longer wait for the lock', 'Exclusive lock', 'timeout', () => (checkOf('lock').timeout = 100)],
    ['a lock that is switched off', 'Exclusive lock', 'state', () => (checkOf('lock').isDisabled = true)],
    ['another template', 'Required template', 'templates', () => set('template', { extendsChecks: [] })],
    [
      'a template check that is switched off',
      'Required template',
      'state',
      () => (checkOf('template').isDisabled = true),
    ],
    ['a check that was taken away', 'Exclusive lock', 'none', () => environment.configurations.remove(checkOf('lock'))],
  ];

  for (const [what, label, field, change] of byHand)
    it(`finds ${what}, and takes it back by one write`, async () => {
      change();
      const { result, writes } = await bench.requests(() => bench.apply([entry]));
      sound(result);
      assert.equal(writes.length, 1, writes.join());
      assert.deepEqual(result.outputs, {
        driftFound: 'true',
        checksChanged: '1',
        environmentId: String(environment.id),
      });
      const [row = assert.fail(), ...others] = rowsIn(result);
      assert.deepEqual(others, []);
      assert.ok(row.includes(label) && row.includes(field), row);
    });

  it('only tells of all that was changed by hand in mode check', async () => {
    for (const check of environment.configurations.all) check.isDisabled = true;
    const { result, writes } = await bench.requests(() => bench.run([entry]));
    assert.equal(result.result, 'Failed');
    assert.deepEqual(writes, []);
    assert.deepEqual(result.outputs, { driftFound: 'true', checksChanged: '0', environmentId: String(environment.id) });
    assert.equal(
      rowsIn(result).filter((row) => /state: switched on +state: switched off +differs$/.test(row)).length,
      7,
    );
    assert.match(
      result.issues.map(({ message }) => message).join(),
      /7 differences from environment-checks\.yaml, in 1 of 1 environment/,
    );
    sound(await bench.apply([entry]));
    sound(await bench.run([entry]));
  });

  const harmless: readonly (readonly [what: string, change: () => void])[] = [
    ['another order of approvers', () => set('approval', { approvers: approversOf('approval').toReversed() })],
    ['no order, and no definition', () => set('approval', { executionOrder: undefined, definitionRef: undefined })],
    ['blanks in lists', () => setInputs('branchControl', { allowedBranches: 'refs/tags/* ,  refs/heads/main' })],
    ['capitals', () => setInputs('branchControl', { ensureProtectionOfBranch: 'True' })],
    ['a lock with settings', () => set('lock', {})],
    [
      'a check of another kind',
      () =>
        void environment.configurations.add('restApi', {
          settings: { definitionRef: { name: 'InvokeRESTAPI', version: '1.220.0' } },
        }),
    ],
    ['a change of the description by a blank', () => (environment.description += ' ')],
  ];

  for (const [what, change] of harmless)
    it(`sees no difference in ${what}`, async () => {
      change();
      const { result, writes } = await bench.requests(() => bench.apply([entry]));
      sound(result);
      assert.deepEqual([writes, result.outputs['driftFound']], [[], 'false']);
    });

  it('finds another description, and takes it back without counting it among the checks', async () => {
    environment.description = 'Somebody was here';
    assert.match(
      rowsIn(await bench.run([entry])).join('\n'),
      /Description +Orders for customers +Somebody was here +differs/,
    );
    const { result, writes } = await bench.requests(() => bench.apply([entry]));
    sound(result);
    assert.deepEqual(writes, [`PATCH pipelines/environments/${environment.id}`]);
    assert.deepEqual([environment.name, environment.description], ['settled', 'Orders for customers']);
    assert.deepEqual([result.outputs['checksChanged'], result.outputs['driftFound']], ['0', 'true']);
    assert.match(result.log.join('\n'), /1 description changed\./);
  });

  it('only warns of a difference where it is told to', async () => {
    environment.configurations.remove(checkOf('lock'));
    const step = await bench.run([entry], { onDrift: 'warn' });
    assert.equal(step.result, 'SucceededWithIssues');
    assert.equal(step.outputs['driftFound'], 'true');
  });
});

/** The lines of the table of differences, without its head. */
function rowsIn({ log }: StepResult): string[] {
  const head = log.findIndex((line) => /Environment +Check +Wanted +Found +State/.test(line));
  return head < 0 ? [] : log.slice(head + 1).filter((line) => /  (?:differs|changed|added|set)$/.test(line));
}
