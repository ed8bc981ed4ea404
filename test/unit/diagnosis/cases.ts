import assert from 'node:assert/strict';
import type { ReleaseView } from '../../../tasks/common/watching/view.ts';
import { diagnosisOf, type Sample } from './sample-view.ts';

/** What the cluster shows and helm says, and what is to be found in it. */
export interface Case {
  readonly it: string;
  readonly samples?: readonly Sample[];
  readonly said?: string;
  readonly view?: Partial<ReleaseView>;
  /** The first cause; undefined where there is to be none. */
  readonly cause: string | undefined;
  /** Each is to be found in what the finding says and advises. */
  readonly says?: readonly RegExp[];
  readonly canMend?: boolean;
  /** In seconds, since the run began. */
  readonly after?: number;
}

/** A test for each case. */
export function holds(cases: readonly Case[]): void {
  for (const { it: title, samples = [], said, view, cause, says = [], canMend, after } of cases) {
    it(title, () => {
      const { findings } = diagnosisOf(samples, said, view, after);
      assert.deepEqual(findings[0]?.cause, cause, JSON.stringify(findings, undefined, 2));
      const [first] = findings;
      if (first === undefined) return;
      const told = [first.what, first.fix, first.command].join('\n');
      for (const part of says) assert.match(told, part);
      if (canMend !== undefined) assert.equal(first.canMend, canMend);
      assert.doesNotMatch(told, /undefined|''|\(\)|\.\.$/m);
      assert.match(first.what, /^[A-Z].*\.$/s);
    });
  }
}
