import assert from 'node:assert/strict';
import { SeenEvents } from '../../../tasks/common/watching/seen-events.ts';
import { SeenObjects } from '../../../tasks/common/watching/seen-objects.ts';
import { event, object, ours, release } from './objects.ts';

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

describe('an event that names no uid', () => {
  it('is about what has the name now', () => {
    const objects = new SeenObjects(release);
    const shop = { kind: 'Deployment', apiVersion: 'apps/v1', ...ours('shop') };
    const knows = (): boolean[] => ['Deployment/shop', 'Pod/shop', 'uid-shop'].map((key) => objects.knows(key));
    assert.deepEqual(knows(), [false, false, false]);
    objects.take(shop);
    assert.deepEqual(knows(), [true, false, true]);
    objects.remove(shop);
    assert.deepEqual(knows(), [false, false, false]);
    objects.take(shop);
    assert.deepEqual(knows(), [true, false, true]);
    objects.keepOnly('Deployment', new Set());
    assert.deepEqual(knows(), [false, false, false]);
  });
});
