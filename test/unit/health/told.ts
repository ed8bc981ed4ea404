import assert from 'node:assert/strict';
import { healthOf } from '../../../tasks/common/health/health-of.ts';
import type { Health } from '../../../tasks/common/health/health.ts';
import type { SeenObject } from '../../../tasks/common/watching/view.ts';
import { now, type Seen, viewOf } from './played-view.ts';

/** A health in one line, such as `progressing 1/3: 1 pod starts` or `ready (optional)`. */
export function told(health: Health | undefined): string {
  if (health === undefined) return 'nothing';
  const counts = health.wanted === undefined ? '' : ` ${health.ready}/${health.wanted}`;
  return `${health.state}${counts}${health.why === '' ? '' : `: ${health.why}`}${health.optional ? ' (optional)' : ''}`;
}

/** Declares that an object of a release is seen so. @param more what else there is */
export function check(expected: string, seen: SeenObject, more: Seen = {}): void {
  it(`${seen.kind} ${seen.metadata.name}: ${expected}`, () => {
    assert.equal(told(healthOf(seen, viewOf({ objects: [seen], ...more }), now)), expected);
  });
}
