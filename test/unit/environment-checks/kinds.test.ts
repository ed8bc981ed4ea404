import assert from 'node:assert/strict';
import { checkKeys, keyOf } from '../../../tasks/EnvironmentChecks/kinds.ts';
import { bodyOf, withoutSettings, withSettings } from './bodies.ts';

const task = 'fe1de3ee-a436-41b4-bb20-f6eb4cb879a7';

describe('a check that the service tells of', () => {
  for (const key of checkKeys)
    it(`is known as ${key}, whatever the case of its ids`, () => {
      const raised: unknown = JSON.parse(
        JSON.stringify(bodyOf(key)).replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, (id) => id.toUpperCase()),
      );
      assert.equal(keyOf(bodyOf(key)), key);
      assert.equal(keyOf(Object(raised)), key);
    });

  it('is the main approval without a definition', () =>
    assert.equal(keyOf(withoutSettings('preApprovals', 'definitionRef')), 'approvals'));

  it('is none of ours with the definition of another task', () => {
    const definitions = ['9c3e8943-130d-4c78-ac63-8af81df62dfb', '537fdb7a-a601-4537-aa70-92645a2b5ce4'];
    for (const id of definitions) assert.equal(keyOf(withSettings('branches', { definitionRef: { id } })), undefined);
    assert.equal(keyOf(withSettings('approvals', { definitionRef: { id: task } })), undefined);
  });

  it('is none of ours with a type that we do not know, or none', () => {
    for (const type of [{ id: '11111111-2222-4333-8444-555555555555' }, { id: 7 }, null, undefined, 'Approval'])
      assert.equal(keyOf({ ...bodyOf('approvals'), type }), undefined);
  });

  it('is no task check of ours without a definition', () =>
    assert.equal(keyOf(withoutSettings('branches', 'definitionRef')), undefined));
});
