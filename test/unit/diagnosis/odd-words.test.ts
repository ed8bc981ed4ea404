import assert from 'node:assert/strict';
import { diagnosisOf } from './sample-view.ts';

describe("a diagnosis of helm's words", () => {
  it('takes the names of what every JavaScript object has for kinds like others', () => {
    for (const kind of ['constructor', '__proto__', 'hasOwnProperty']) {
      const { unexplained } = diagnosisOf([], `Error: ${kind} "shop" not found: odd`);
      assert.equal(unexplained[0]?.owner.name, 'shop');
    }
  });

  it('reads errors that stand far apart', () => {
    const gap = '\n \t'.repeat(5000);
    const said = `Error: 1 error occurred:${gap}* Widget "a" is invalid: odd${gap}- too${gap}Widget "b" not found: odd`;
    const { unexplained } = diagnosisOf([], said);
    assert.deepEqual(
      unexplained.map(({ owner, evidence: [first] }) => [owner.name, first?.said]),
      [
        ['a', 'Error: Widget "a" is invalid: odd | - too'],
        ['b', 'Widget "b" not found: odd'],
      ],
    );
  });
});
