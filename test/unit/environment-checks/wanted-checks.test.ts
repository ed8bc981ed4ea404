import assert from 'node:assert/strict';
import type { EnvironmentEntry } from '../../../tasks/EnvironmentChecks/environments-file.ts';
import { checkKeys, checkKinds } from '../../../tasks/EnvironmentChecks/kinds.ts';
import { type WantedCheck, wantedChecks } from '../../../tasks/EnvironmentChecks/wanted-checks.ts';
import { ada, bob } from './bodies.ts';

const ids: Readonly<Record<string, string>> = { ada, bob };

function wanted(entry: Omit<EnvironmentEntry, 'name'>): Record<string, WantedCheck | 'none'> {
  return Object.fromEntries(wantedChecks({ name: 'production', ...entry }, (name) => ids[name] ?? name));
}

const approvers = [{ id: ada }, { id: bob }];
const plainApproval = {
  approvers,
  blockedApprovers: [],
  executionOrder: 'anyOrder',
  instructions: '',
  minRequiredApprovers: 0,
  requesterCannotBeApprover: false,
};

describe('what a file wants of the checks', () => {
  it('is nothing where no key is given', () => assert.deepEqual(wanted({ description: 'x', pipelines: [7] }), {}));

  for (const key of checkKeys)
    it(`is no check for ${key}: false, and for []`, () => {
      assert.deepEqual(wanted({ [key]: false }), { [key]: 'none' });
      assert.deepEqual(wanted({ [key]: [] }), { [key]: 'none' });
    });

  for (const key of ['approvals', 'preApprovals', 'postApprovals'] as const)
    it(`is ${key} by all of a list, within thirty days`, () => {
      const settings = { ...plainApproval, definitionRef: checkKinds[key].definition };
      assert.deepEqual(wanted({ [key]: ['ada', 'bob'] }), { [key]: { settings, timeout: 43_200 } });
      assert.deepEqual(wanted({ [key]: { approvers: ['ada', 'bob'] } }), { [key]: { settings, timeout: 43_200 } });
    });

  it('is an approval with all that it says', () => {
    const entry = {
      approvers: ['bob', 'ada'],
      order: 'inSequence',
      minimum: 1,
      instructions: 'Read the plan.',
      timeout: 60,
      requesterCannotApprove: true,
    } as const;
    assert.deepEqual(wanted({ approvals: entry }), {
      approvals: {
        settings: {
          approvers: [{ id: bob }, { id: ada }],
          blockedApprovers: [],
          executionOrder: 'inSequence',
          instructions: 'Read the plan.',
          minRequiredApprovers: 1,
          requesterCannotBeApprover: true,
          definitionRef: { id: '26014962-64a0-49f4-885b-4b874119a5cc' },
        },
        timeout: 60,
      },
    });
  });

  it('is all of the approvers where the minimum is their number', () => {
    for (const entry of [
      { approvers: ['ada'], minimum: 1 },
      { approvers: ['ada', 'bob'], minimum: 2 },
    ]) {
      const { approvals } = wanted({ approvals: entry });
      assert.ok(typeof approvals === 'object');
      assert.equal(approvals.settings['minRequiredApprovers'], 0);
    }
  });

  it('is branch control, every input of which is a text', () => {
    const task = {
      displayName: 'Branch control',
      definitionRef: checkKinds.branches.definition,
      retryInterval: 5,
    };
    const inputs = { allowedBranches: 'refs/heads/main,refs/tags/*' };
    const allowed = ['refs/heads/main', 'refs/tags/*'];
    const [no, yes] = ['false', 'true'];
    const plain = { ...inputs, ensureProtectionOfBranch: no, allowUnknownStatusBranch: no };
    assert.deepEqual(wanted({ branches: allowed }), {
      branches: { settings: { ...task, inputs: plain }, timeout: 1440 },
    });
    const full = { ...inputs, ensureProtectionOfBranch: yes, allowUnknownStatusBranch: yes };
    const entry = { allowed, requireProtection: true, allowUnknownProtection: true, timeout: 5 };
    assert.deepEqual(wanted({ branches: entry }), {
      branches: { settings: { ...task, inputs: full }, timeout: 5 },
    });
  });

  it('is business hours, in UTC unless it says where', () => {
    const entry = { days: ['Monday', 'Tuesday'], from: '08:00', to: '17:30' };
    const task = {
      displayName: 'Business hours',
      definitionRef: checkKinds.businessHours.definition,
      retryInterval: 5,
    };
    const inputs = { businessDays: 'Monday, Tuesday', timeZone: 'UTC', startTime: '08:00', endTime: '17:30' };
    assert.deepEqual(wanted({ businessHours: entry }), {
      businessHours: { settings: { ...task, inputs }, timeout: 1440 },
    });
    const timeZone = 'W. Europe Standard Time';
    assert.deepEqual(wanted({ businessHours: { ...entry, timeZone, timeout: 30 } }), {
      businessHours: { settings: { ...task, inputs: { ...inputs, timeZone } }, timeout: 30 },
    });
  });

  it('is an exclusive lock with the usual time-out, or its own', () => {
    const usual = { exclusiveLock: { settings: {}, timeout: 43_200 } };
    assert.deepEqual(wanted({ exclusiveLock: true }), usual);
    assert.deepEqual(wanted({ exclusiveLock: {} }), usual);
    assert.deepEqual(wanted({ exclusiveLock: { timeout: 90 } }), { exclusiveLock: { settings: {}, timeout: 90 } });
  });

  it('is a required template, which has no time-out', () => {
    const entry = { repository: 'contoso/delivery', ref: 'refs/tags/v1', path: 'a.yml' };
    const template = { repositoryName: 'contoso/delivery', repositoryRef: 'refs/tags/v1', templatePath: 'a.yml' };
    assert.deepEqual(wanted({ requiredTemplates: [entry, { ...entry, type: 'github' }] }), {
      requiredTemplates: {
        settings: {
          extendsChecks: [
            { repositoryType: 'git', ...template },
            { repositoryType: 'github', ...template },
          ],
        },
      },
    });
  });
});
