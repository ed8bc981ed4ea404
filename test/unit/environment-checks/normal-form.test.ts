import assert from 'node:assert/strict';
import { type CheckKey, checkKeys } from '../../../tasks/EnvironmentChecks/kinds.ts';
import { differingFields, normalForm } from '../../../tasks/EnvironmentChecks/normal-form.ts';
import { ada, bob, bodyOf, type Body, withInputs, withoutSettings, withSettings } from './bodies.ts';

type Cases = readonly (readonly [key: CheckKey, what: string, other: Body, from?: Body])[];

const upper = (id: string): string => id.toUpperCase();
const oneApprover = { approvers: [{ id: ada }] };
const templates = bodyOf('requiredTemplates').settings?.['extendsChecks'];
const listOfTemplates: unknown[] = Array.isArray(templates) ? templates : [];
const [firstTemplate, secondTemplate] = listOfTemplates;

const harmless: Cases = [
  [
    'approvals',
    'ids in upper case',
    withSettings('approvals', { approvers: [{ id: upper(ada) }, { id: upper(bob) }] }),
  ],
  ['approvals', 'approvers in another order', withSettings('approvals', { approvers: [{ id: bob }, { id: ada }] })],
  [
    'approvals',
    'more about the approvers',
    withSettings('approvals', {
      approvers: [
        { id: ada, displayName: null },
        { id: bob, displayName: 'Bob', uniqueName: 'bob@contoso.example', imageUrl: 'https://x' },
      ],
    }),
  ],
  ['approvals', 'no order', withoutSettings('approvals', 'executionOrder')],
  ['approvals', 'the order as a number', withSettings('approvals', { executionOrder: 1 })],
  [
    'approvals',
    'the order one after the other as a number',
    withSettings('approvals', { executionOrder: 2 }),
    withSettings('approvals', { executionOrder: 'inSequence' }),
  ],
  [
    'approvals',
    'the order of one approver',
    withSettings('approvals', { ...oneApprover, executionOrder: 'inSequence' }),
    withSettings('approvals', oneApprover),
  ],
  ['approvals', 'no definition', withoutSettings('approvals', 'definitionRef')],
  ['approvals', 'nobody kept out, left out', withoutSettings('approvals', 'blockedApprovers')],
  [
    'approvals',
    'no instructions, left out',
    withoutSettings('approvals', 'instructions'),
    withSettings('approvals', { instructions: '' }),
  ],
  [
    'approvals',
    'line ends of Windows',
    withSettings('approvals', { instructions: 'Look at the plan first.\r\nThen approve.\r\n' }),
  ],
  [
    'approvals',
    'one approval of one approver',
    withSettings('approvals', { ...oneApprover, minRequiredApprovers: 1 }),
    withSettings('approvals', { ...oneApprover, minRequiredApprovers: 0 }),
  ],
  [
    'approvals',
    'all by number',
    withSettings('approvals', { minRequiredApprovers: 2 }),
    withSettings('approvals', { minRequiredApprovers: 0 }),
  ],
  ['approvals', 'a yes as a text', withSettings('approvals', { requesterCannotBeApprover: 'True' })],
  ['branches', 'blanks in the list', withInputs('branches', { allowedBranches: 'refs/heads/main, refs/tags/*' })],
  [
    'branches',
    'branches in another order',
    withInputs('branches', { allowedBranches: 'refs/tags/*,refs/heads/main,' }),
  ],
  ['branches', 'capitals of a yes', withInputs('branches', { ensureProtectionOfBranch: 'True' })],
  ['branches', 'a no without quotes', withInputs('branches', { allowUnknownStatusBranch: false })],
  [
    'branches',
    'what the service does not keep without protection',
    withInputs('branches', { ensureProtectionOfBranch: 'false', allowUnknownStatusBranch: undefined }),
    withInputs('branches', { ensureProtectionOfBranch: 'false', allowUnknownStatusBranch: 'true' }),
  ],
  [
    'branches',
    'another name and version of the definition',
    withSettings('branches', {
      displayName: 'Only main',
      definitionRef: {
        id: upper('86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b'),
        name: 'evaluateBranchProtection',
        version: '0.0.9',
      },
    }),
  ],
  ['businessHours', 'days without blanks', withInputs('businessHours', { businessDays: 'Friday,Monday' })],
  ['businessHours', 'times of another form', withInputs('businessHours', { startTime: '8:00', endTime: '17:00:00' })],
  ['businessHours', 'UTC left out', withInputs('businessHours', { timeZone: undefined })],
  ['exclusiveLock', 'settings left out', { ...bodyOf('exclusiveLock'), settings: {} }],
  [
    'requiredTemplates',
    'templates in another order',
    withSettings('requiredTemplates', { extendsChecks: [secondTemplate, firstTemplate] }),
  ],
  [
    'requiredTemplates',
    "Terraform's name for git",
    withSettings('requiredTemplates', {
      extendsChecks: [{ ...Object(firstTemplate), repositoryType: 'azuregit' }, secondTemplate],
    }),
  ],
];

const real: Cases = [
  ['approvals', 'another approver', withSettings('approvals', { approvers: [{ id: ada }] })],
  [
    'approvals',
    'approvers in another order, one after the other',
    withSettings('approvals', { executionOrder: 'inSequence', approvers: [{ id: bob }, { id: ada }] }),
    withSettings('approvals', { executionOrder: 'inSequence' }),
  ],
  ['approvals', 'one after the other', withSettings('approvals', { executionOrder: 'inSequence' })],
  [
    'approvals',
    'fewer approvals',
    withSettings('approvals', { minRequiredApprovers: 1 }),
    withSettings('approvals', { minRequiredApprovers: 2 }),
  ],
  ['approvals', 'another number', withSettings('approvals', { minRequiredApprovers: 0 })],
  ['approvals', 'a number that is none', withSettings('approvals', { minRequiredApprovers: {} })],
  ['approvals', 'other instructions', withSettings('approvals', { instructions: 'Approve.' })],
  ['approvals', 'that who asked may approve', withSettings('approvals', { requesterCannotBeApprover: false })],
  ['approvals', 'somebody kept out', withSettings('approvals', { blockedApprovers: [{ id: bob }] })],
  [
    'branches',
    'a branch more',
    withInputs('branches', { allowedBranches: 'refs/heads/main,refs/tags/*,refs/heads/x' }),
  ],
  ['branches', 'another case of a branch', withInputs('branches', { allowedBranches: 'refs/heads/Main,refs/tags/*' })],
  ['branches', 'every branch', withInputs('branches', { allowedBranches: '*' })],
  ['branches', 'no protection', withInputs('branches', { ensureProtectionOfBranch: 'false' })],
  ['branches', 'unknown protection', withInputs('branches', { allowUnknownStatusBranch: 'True' })],
  ['businessHours', 'a day less', withInputs('businessHours', { businessDays: 'Monday' })],
  ['businessHours', 'a later end', withInputs('businessHours', { endTime: '17:30' })],
  ['businessHours', 'an earlier begin', withInputs('businessHours', { startTime: '18:00' })],
  ['businessHours', 'another time zone', withInputs('businessHours', { timeZone: 'W. Europe Standard Time' })],
  ['requiredTemplates', 'one template less', withSettings('requiredTemplates', { extendsChecks: [firstTemplate] })],
  [
    'requiredTemplates',
    'another path',
    withSettings('requiredTemplates', {
      extendsChecks: [{ ...Object(firstTemplate), templatePath: 'A.yml' }, secondTemplate],
    }),
  ],
  ['requiredTemplates', 'no templates', withSettings('requiredTemplates', { extendsChecks: null })],
];

const fields = (key: CheckKey, body: Body, from = bodyOf(key)): string[] =>
  differingFields(normalForm(key, from), normalForm(key, body));

describe('the normal form of a check', () => {
  for (const [key, what, body, from] of harmless)
    it(`of ${key} is the same with ${what}`, () => assert.deepEqual(fields(key, body, from), []));

  for (const [key, what, body, from] of real)
    it(`of ${key} is another with ${what}`, () => assert.notDeepEqual(fields(key, body, from), []));

  for (const key of checkKeys) {
    const approvalsOnly = {
      issue: { type: 'warning' },
      resource: { type: 'environment', id: '3', name: 'production' },
    };
    const around = {
      ...approvalsOnly,
      id: 12,
      version: 9,
      url: 'https://x',
      _links: {},
      createdBy: { id: bob },
      modifiedOn: 'now',
    };

    it(`of ${key} knows nothing of who made it when`, () =>
      assert.deepEqual(fields(key, { ...bodyOf(key), ...around }), []));

    it(`of ${key} is the same when it is on without saying so`, () =>
      assert.deepEqual(fields(key, { ...bodyOf(key), isDisabled: undefined }), []));

    it(`of ${key} tells that it is switched off`, () => {
      assert.deepEqual(fields(key, { ...bodyOf(key), isDisabled: true }), ['state']);
      assert.deepEqual(fields(key, { ...bodyOf(key), isDisabled: 'True' }), ['state']);
    });
  }

  for (const key of checkKeys.filter((each) => each !== 'requiredTemplates')) {
    it(`of ${key} has the usual time-out where there is none`, () =>
      assert.deepEqual(fields(key, { ...bodyOf(key), timeout: undefined }), []));

    it(`of ${key} tells of another time-out`, () =>
      assert.deepEqual(fields(key, { ...bodyOf(key), timeout: 60 }), ['timeout']));
  }

  it('of a required template has no time-out', () =>
    assert.deepEqual(fields('requiredTemplates', { ...bodyOf('requiredTemplates'), timeout: 60 }), []));
});
