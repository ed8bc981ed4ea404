import assert from 'node:assert/strict';
import type { Scenario } from './scenario.ts';
import type { ScenarioEnd } from './scenario-run.ts';

/** A healthy roll-out succeeds without a word; any other has the first cause that its scenario names. */
export function judge({ cause, endsEarly = false }: Scenario, { step, causes, seen }: ScenarioEnd): void {
  const all = `${step.log.join('\n')}\n\nThe cluster says:\n${seen}`;
  assert.deepEqual(step.violations, [], all);
  if (cause === null) {
    assert.equal(step.result, 'Succeeded', all);
    assert.deepEqual({ causes, issues: step.issues }, { causes: [], issues: [] }, all);
  } else {
    assert.equal(step.result, 'Failed', all);
    assert.equal(causes[0], cause, all);
    if (!endsEarly) return;
    assert.ok(
      step.log.some((line) => line.includes('helm waits in vain')),
      `helm was not ended early.\n${all}`,
    );
    assert.equal(step.outputs['releaseStatus'], 'failed', all);
  }
}
