import assert from 'node:assert/strict';
import type { Values } from '../../../tasks/common/devops/rest.ts';
import type { EnvironmentEntry } from '../../../tasks/EnvironmentChecks/environments-file.ts';
import { type CheckKey, checkKeys } from '../../../tasks/EnvironmentChecks/kinds.ts';
import type { Drift, FoundState } from '../../../tasks/EnvironmentChecks/drift.ts';
import { driftOf } from '../../../tasks/EnvironmentChecks/plan.ts';
import type { Pruning } from '../../../tasks/EnvironmentChecks/pruning.ts';
import { wantedChecks } from '../../../tasks/EnvironmentChecks/wanted-checks.ts';
import { ada, bob, bodyOf, withSettings } from './bodies.ts';

const off: Pruning = { isOn: false, self: undefined };
const on: Pruning = { isOn: true, self: ada };

interface Given {
  readonly entry: Omit<EnvironmentEntry, 'name'>;
  readonly found?: Partial<FoundState>;
  readonly pruning?: Pruning;
  readonly pipelines?: ReadonlyMap<number, string>;
}

const there = { id: 3, name: 'production', description: '' };

function drift({ entry, found = {}, pruning = off, pipelines }: Given): Drift[] {
  const checks = wantedChecks({ name: 'production', ...entry }, (name) => name);
  const wanted = { name: 'production', description: entry.description, checks, pipelines };
  return driftOf(wanted, { environment: there, checks: [], permissions: undefined, ...found }, pruning);
}

/** Each difference as what it is of and what is done about it, with the id of the check or pipeline. */
function steps(given: Given): string[] {
  return drift(given).map(({ what, step, left }) => {
    const id = step !== undefined && 'id' in step ? ` ${step.id}` : '';
    return `${step?.kind ?? `left (${left})`} ${what}${id}`;
  });
}

const sameAs = {
  approvals: {
    approvers: [ada, bob],
    minimum: 1,
    instructions: 'Look at the plan first.\nThen approve.',
    requesterCannotApprove: true,
  },
} as const;
const made = (id: number, by: string | undefined, body = bodyOf('approvals')): Values => ({
  ...body,
  id,
  ...(by !== undefined && { createdBy: { id: by, displayName: 'Bob | B.' } }),
});

describe('the drift of an environment', () => {
  it('is nothing where the file manages nothing of what is there', () =>
    assert.deepEqual(steps({ entry: {}, found: { checks: checkKeys.map(bodyOf) } }), []));

  it('is nothing where all is as the file says', () =>
    assert.deepEqual(steps({ entry: sameAs, found: { checks: [made(7, bob)] } }), []));

  it('is the whole environment where there is none: it comes first, then its checks', () =>
    assert.deepEqual(
      steps({
        entry: { description: 'x', exclusiveLock: true, ...sameAs },
        found: { environment: undefined },
        pipelines: new Map([[4, 'cd']]),
      }),
      ['create Environment', 'add Approvals', 'add Exclusive lock', 'permit Pipelines 4'],
    ));

  it('is a description that differs by more than blanks', () => {
    assert.deepEqual(steps({ entry: { description: ' ' } }), []);
    assert.deepEqual(steps({ entry: { description: 'Live' } }), ['describe Description']);
    assert.deepEqual(steps({ entry: {}, found: { environment: { ...there, description: 'Live' } } }), []);
  });

  it('brings protection before anything is allowed, and takes it away last', () => {
    const checks = [made(7, ada), { ...bodyOf('exclusiveLock'), id: 8, createdBy: { id: ada } }];
    const permissions = { isOpen: false, pipelines: new Map([[5, ada]]) };
    const entry = { description: 'x', approvals: [ada], exclusiveLock: false, branches: ['refs/heads/main'] } as const;
    assert.deepEqual(steps({ entry, found: { checks, permissions }, pruning: on, pipelines: new Map([[4, 'cd']]) }), [
      'add Branch control',
      'change Approvals 7',
      'describe Description',
      'permit Pipelines 4',
      'permit Pipelines 5',
      'remove Exclusive lock 8',
    ]);
  });

  it('changes a check whole, with the version that it has', () => {
    const [{ step } = assert.fail()] = drift({
      entry: { approvals: [ada] },
      found: { checks: [{ ...made(7, bob), version: 4 }] },
    });
    assert.ok(step?.kind === 'change');
    const { id, version, type, settings } = step.body;
    assert.deepEqual({ id, version, type }, { id: 7, version: 4, type: bodyOf('approvals')['type'] });
    assert.deepEqual(settings, {
      approvers: [{ id: ada }],
      blockedApprovers: [],
      executionOrder: 'anyOrder',
      instructions: '',
      minRequiredApprovers: 0,
      requesterCannotBeApprover: false,
      definitionRef: { id: '26014962-64a0-49f4-885b-4b874119a5cc' },
    });
  });

  it('keeps of a task check what the file does not decide', () => {
    const own = {
      displayName: 'Only main',
      retryInterval: 15,
      linkedVariableGroup: 'shared',
      definitionRef: { id: '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b', name: 'x', version: '0.0.9' },
    };
    const [{ step } = assert.fail()] = drift({
      entry: { branches: ['refs/heads/x'] },
      found: { checks: [withSettings('branches', own)] },
    });
    assert.ok(step?.kind === 'change');
    const { inputs, ...others } = Object(step.body['settings']);
    assert.deepEqual(others, own);
    assert.equal(inputs.allowedBranches, 'refs/heads/x');
  });

  it('switches a check on again', () => {
    const [{ step } = assert.fail()] = drift({
      entry: sameAs,
      found: { checks: [{ ...made(7, bob), isDisabled: true }] },
    });
    assert.ok(step?.kind === 'change');
    assert.equal(step.body['isDisabled'], false);
  });

  describe('of several checks of a kind', () => {
    const other = withSettings('approvals', { instructions: 'Approve.' });
    const three = [made(5, ada, other), made(6, bob), made(7, ada), made(8, ada, { ...other, isDisabled: true })];

    it('lets those be that are as wanted, and tells of the others', () =>
      assert.deepEqual(
        steps({ entry: sameAs, found: { checks: three } }),
        [5, 8].map(() => 'left (it is taken away only with input prune) Approvals'),
      ));

    it('takes ours away and leaves those of others with prune', () =>
      assert.deepEqual(steps({ entry: sameAs, found: { checks: three }, pruning: on }), [
        'remove Approvals 5',
        'remove Approvals 7',
        'remove Approvals 8',
      ]));

    it('changes the first where none is as wanted, and takes others away after that', () =>
      assert.deepEqual(steps({ entry: { approvals: [ada] }, found: { checks: three }, pruning: on }), [
        'change Approvals 5',
        'remove Approvals 7',
        'remove Approvals 8',
        'left (Bob | B. made it, so it has to be taken away by hand) Approvals',
      ]));
  });

  for (const [whose, by, pruning, expected] of [
    ['ours', ada, on, 'remove Approvals 7'],
    ['ours, whatever the case of the id', ada.toUpperCase(), on, 'remove Approvals 7'],
    ['ours, without prune', ada, off, 'left (it is taken away only with input prune) Approvals'],
    ["somebody else's", bob, on, 'left (Bob | B. made it, so it has to be taken away by hand) Approvals'],
    ['nobody knows whose', undefined, on, 'left (somebody else made it, so it has to be taken away by hand) Approvals'],
  ] as const)
    it(`of a check that must not be there and is ${whose}`, () =>
      assert.deepEqual(steps({ entry: { approvals: false }, found: { checks: [made(7, by)] }, pruning }), [expected]));

  it('takes nothing away where nobody knows who asks', () => {
    const pruning = { isOn: true, self: undefined };
    const permissions = { isOpen: false, pipelines: new Map([[5, undefined]]) };
    const given = {
      entry: { approvals: false },
      found: { checks: [made(7, undefined)], permissions },
      pruning,
      pipelines: new Map(),
    } as const;
    assert.deepEqual(
      drift(given).map(({ step }) => step),
      [undefined, undefined],
    );
  });

  it('has checks of other kinds on no account', () => {
    const foreign = withSettings('branches', { definitionRef: { id: '9c3e8943-130d-4c78-ac63-8af81df62dfb' } });
    const none = Object.fromEntries(checkKeys.map((key: CheckKey) => [key, false]));
    assert.deepEqual(
      steps({ entry: none, found: { checks: [{ ...foreign, createdBy: { id: ada } }] }, pruning: on }),
      [],
    );
  });

  describe('of the pipelines', () => {
    const permissions = {
      isOpen: false,
      pipelines: new Map([
        [4, bob],
        [5, ada],
        [6, bob],
      ]),
    };
    const pipelines = new Map([
      [4, 'orders-cd'],
      [9, 'stock-cd'],
    ]);

    it('adds those that are missing and leaves the others without prune', () =>
      assert.deepEqual(steps({ entry: {}, found: { permissions }, pipelines }), [
        'permit Pipelines 9',
        'left (it is taken away only with input prune) Pipelines',
        'left (it is taken away only with input prune) Pipelines',
      ]));

    it('takes away with prune what this identity allowed', () =>
      assert.deepEqual(steps({ entry: {}, found: { permissions }, pipelines, pruning: on }), [
        'permit Pipelines 9',
        'permit Pipelines 5',
        'left (somebody else let it, so it has to be taken away by hand) Pipelines',
      ]));

    it('tells that every pipeline may use it, which only a person can end', () => {
      const [{ found, left } = assert.fail(), ...more] = drift({
        entry: {},
        found: { permissions: { isOpen: true, pipelines: new Map() } },
        pipelines: new Map(),
        pruning: on,
      });
      assert.deepEqual([found, more], ['every pipeline may use it', []]);
      assert.match(left ?? '', /Security, Pipeline permissions, Restrict permission/);
    });
  });
});
