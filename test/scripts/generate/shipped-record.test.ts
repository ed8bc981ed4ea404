import assert from 'node:assert/strict';
import { broken, grown } from '../../../scripts/generate/shipped.ts';
import { smallTask } from './small-task.ts';

describe('the record of what shipped', () => {
  const first = smallTask([{ name: 'b' }, { name: 'a' }], ['out']);
  const shipped = grown({}, [first]);

  it('holds the names of a task by its major version, sorted', () => {
    assert.deepEqual(shipped, { 'SmallTask@1': { id: first.id, inputs: ['a', 'b'], outputs: ['out'] } });
  });

  it('only grows', () => {
    const later = smallTask([{ name: 'c' }], ['more']);
    assert.deepEqual(grown(shipped, [later]), {
      'SmallTask@1': { id: first.id, inputs: ['a', 'b', 'c'], outputs: ['more', 'out'] },
    });
    assert.deepEqual(grown(shipped, []), shipped);
  });

  it('is kept by a task that has more than before', () => {
    assert.deepEqual(broken(shipped, [smallTask([{ name: 'a' }, { name: 'b' }, { name: 'c' }], ['out', 'more'])]), []);
    assert.deepEqual(broken({}, [first]), []);
  });

  it('is broken by every name that is gone, by another id, and by a task that is gone', () => {
    const other = { ...smallTask([{ name: 'a' }]), id: '22222222-2222-4222-8222-222222222222' };
    assert.deepEqual(broken(shipped, [other]), [
      `SmallTask@1 shipped with the id ${first.id} and has ${other.id} now.`,
      'SmallTask@1 shipped with the input b.',
      'SmallTask@1 shipped with the output out.',
    ]);
    assert.deepEqual(broken(shipped, [{ ...first, version: { Major: 2, Minor: 0, Patch: 0 } }]), [
      'SmallTask@1 shipped and is gone.',
    ]);
  });
});
