import assert from 'node:assert/strict';
import { evidenceOf, type Source } from '../../../tasks/common/diagnosis/signals.ts';

const name = { kind: 'Pod', namespace: 'shop', name: 'shop' };

/** What is shown of a text. */
function shownOf(source: Source, text: string): string {
  const signal = { source, reason: '', text, where: '', at: undefined, count: 1, object: undefined, name };
  return evidenceOf(signal).said;
}

describe('what is shown of a long text', () => {
  const lines = ['one', '', '-----', 'two', 'three', 'four', 'five', 'six'].join('\n');

  it('is the end of a log', () => assert.equal(shownOf('log', lines), 'two | three | four | five | six'));

  it('is the beginning of what else is said', () =>
    assert.equal(shownOf('event', lines), 'one | two | three | four | five'));
});
