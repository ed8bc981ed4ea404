import assert from 'node:assert/strict';
import { SeenEvents } from '../../../tasks/common/watching/seen-events.ts';
import { event, object } from './objects.ts';

const pod = { kind: 'Pod', apiVersion: 'v1', ...object('shop-a') };

describe('events of a release', () => {
  it('are bounded, whatever the API server takes', () => {
    const events = new SeenEvents();
    const huge = 'x'.repeat(1_000_000);
    events.take(event('huge', 'shop-a', { message: huge, reason: huge }), true, () => true);
    const [kept] = events.of(pod);
    assert.equal(kept?.message.length, 16 * 1024);
    assert.equal(kept.reason.length, 16 * 1024);
  });
});
