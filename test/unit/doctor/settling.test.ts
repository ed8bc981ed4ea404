import assert from 'node:assert/strict';
import { Settling } from '../../../tasks/common/doctor/settling.ts';
import type { Status } from '../../../tasks/common/doctor/statuses.ts';
import type { Health } from '../../../tasks/common/health/health.ts';
import type { ReleaseView } from '../../../tasks/common/watching/view.ts';
import { viewOf } from '../health/played-view.ts';

const status = (kind: string, health: Health): Status => {
  return { object: { kind, namespace: 'web', name: 'shop' }, health, hook: undefined, isNew: true };
};
const ready: Health = { state: 'ready', why: '' };
const going: Health = { state: 'progressing', why: 'it is on its way' };
const failed: Health = { state: 'failed', why: 'it is degraded' };
const view = (more: Partial<ReleaseView> = {}): ReleaseView => ({ ...viewOf({}), ...more });
const times = { freshAt: 2000, deadline: 60_000, endEarly: true };

const looks = (endEarly: boolean, healths: Health[]) => {
  const settling = new Settling({ ...times, endEarly });
  return healths.map((health, at) => settling.look([status('Rollout', health)], undefined, view(), at).lost.length);
};

describe('when a release that helm calls deployed is settled', () => {
  it('is at once where helm waited for all of it', () => {
    const all = [status('Deployment', ready), status('Service', ready)];
    assert.equal(new Settling(times).look(all, undefined, view(), 0).is, 'well');
  });

  it('is a moment later where helm did not look, or not all of it is seen yet', () => {
    const cases: [string, Status[], ReleaseView][] = [
      ['a Rollout may be as it was before', [status('Rollout', ready)], view()],
      ['a Canary has not been listed', [], view({ missing: [{ kind: 'Canary', namespace: 'web', name: 'shop' }] })],
      ["helm's record is not known", [], view({ missing: undefined })],
    ];
    for (const [name, statuses, seen] of cases) {
      const settling = new Settling(times);
      assert.equal(settling.look(statuses, undefined, seen, 0).is, 'waiting', name);
      assert.equal(settling.look(statuses, undefined, seen, 2000).is, 'well', name);
    }
    const blind = view({ missing: undefined, blind: ['Not seen.'] });
    assert.equal(new Settling(times).look([], undefined, blind, 0).is, 'well');
  });

  it('waits for what is on its way until the time is up, and not for what is optional', () => {
    const settling = new Settling(times);
    assert.equal(settling.look([status('Rollout', going)], undefined, view(), 59_999).is, 'waiting');
    assert.equal(settling.look([status('Rollout', going)], undefined, view(), 60_000).is, 'over');
    const paused = status('Deployment', { ...going, optional: true });
    assert.equal(new Settling(times).look([paused], undefined, view(), 60_000).is, 'well');
  });

  it('gives up on what is seen failed twice, unless nobody wants an early end', () => {
    assert.deepEqual(looks(true, [failed, going, failed, failed]), [0, 0, 0, 1]);
    assert.deepEqual(looks(false, [failed, failed]), [0, 0]);
  });
});
