import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Scenario } from './scenario.ts';
import type { ScenarioEnd } from './scenario-run.ts';

/** Of the file that the step leaves for machines, what is judged here. */
interface Told {
  readonly findings: readonly { readonly cause: string }[];
}

/** A healthy roll-out succeeds without a word; any other has the first cause that its scenario names. */
export function judge({ cause }: Scenario, { step, seen }: ScenarioEnd): void {
  const all = `${step.log.join('\n')}\n\nThe cluster says:\n${seen}`;
  assert.deepEqual(step.violations, [], all);
  const { diagnosisFile = '' } = step.outputs;
  const { findings } =
    diagnosisFile === '' ? { findings: [] } : (JSON.parse(readFileSync(diagnosisFile, 'utf8')) as Told);
  if (cause === null) {
    assert.equal(step.result, 'Succeeded', all);
    assert.deepEqual({ findings, issues: step.issues }, { findings: [], issues: [] }, all);
  } else {
    assert.equal(step.result, 'Failed', all);
    assert.equal(findings[0]?.cause, cause, all);
  }
}
