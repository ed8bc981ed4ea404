import assert from 'node:assert/strict';
import { type SharedInputs, withSharedInputs } from '../../../scripts/generate/shared-inputs.ts';
import { smallTask } from './small-task.ts';

const size = {
  type: 'int',
  label: 'Size ({which})',
  defaultValue: '5',
  required: true,
  helpMarkDown: 'As {which} says.',
};
const shared = (tasks: SharedInputs[string]['tasks']): SharedInputs => ({
  size: { input: { ...size, properties: { a: 'b' } }, picker: { endpointId: 'x' }, tasks },
});
const task = {
  ...smallTask([{ name: 'size', label: 'Old', groupName: 'g' }, { name: 'own' }]),
  dataSourceBindings: [{ target: 'size', endpointId: 'old', old: 'field' }, { target: 'own' }],
};

describe('inputs that several tasks have', () => {
  it('are defined once: a task keeps its group, its own inputs and its own words', () => {
    const { inputs, dataSourceBindings } = withSharedInputs(task, shared({ SmallTask: { words: { which: 'this' } } }));
    assert.equal(
      JSON.stringify(inputs[0]),
      '{"name":"size","type":"int","label":"Size (this)","defaultValue":"5","required":true,"helpMarkDown":"As this says.",' +
        '"groupName":"g","properties":{"a":"b"}}',
    );
    assert.deepEqual(inputs[1], task.inputs[1]);
    assert.deepEqual(dataSourceBindings, [{ target: 'size', endpointId: 'x' }, { target: 'own' }]);
  });

  it('may differ in a field, where the one file says so', () => {
    const instead = { label: 'Other', helpMarkDown: 'None.', required: false, properties: null };
    const [input] = withSharedInputs(task, shared({ SmallTask: { instead } })).inputs;
    assert.deepEqual(input, {
      ...size,
      name: 'size',
      groupName: 'g',
      label: 'Other',
      helpMarkDown: 'None.',
      required: false,
    });
  });

  it('are those of the tasks that the one file names, with all their words', () => {
    assert.throws(
      () => withSharedInputs(task, shared({})),
      /^Error: SmallTask has the input size, but .* does not name/,
    );
    assert.throws(
      () => withSharedInputs(smallTask([]), shared({ SmallTask: {} })),
      /gives SmallTask the input size, which/,
    );
    assert.throws(
      () => withSharedInputs(task, shared({ SmallTask: {} })),
      /has no word \{which\} of size for SmallTask/,
    );
  });

  it('come out of their own result unchanged', () => {
    const once = withSharedInputs(task, shared({ SmallTask: { words: { which: 'this' } } }));
    assert.deepEqual(withSharedInputs(once, shared({ SmallTask: { words: { which: 'this' } } })), once);
  });
});
