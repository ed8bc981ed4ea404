import assert from 'node:assert/strict';
import { LiveLines, usualManners } from '../../../tasks/common/doctor/live-lines.ts';
import { type Status, summaryOf } from '../../../tasks/common/doctor/statuses.ts';
import type { Health } from '../../../tasks/common/health/health.ts';

const manners = { ...usualManners, holdMs: 1000, longestHoldMs: 4000 };

function status(name: string, health: Health, more: Partial<Status> = {}): Status {
  return { object: { kind: 'Deployment', namespace: 'web', name }, health, hook: undefined, isNew: true, ...more };
}

const going = (ready: number, why: string): Health => ({ state: 'progressing', ready, wanted: 3, why });
const up: Health = { state: 'ready', ready: 3, wanted: 3, why: '' };
const done: Health = { state: 'ready', why: '' };

describe('lines while a roll-out goes', () => {
  it('tell what changed once it stays so, and what ended at once', () => {
    const lines = new LiveLines(manners);
    assert.deepEqual(lines.begin([status('shop', up)], 0), []);
    assert.deepEqual(lines.look([status('shop', going(0, '3 pods start'))], 100), []);
    assert.deepEqual(lines.look([status('shop', going(1, '2 pods start'))], 900), []);
    assert.deepEqual(lines.look([status('shop', going(1, '2 pods start'))], 1900), [
      'Deployment shop: 1 of 3 pods ready; 2 pods start.',
    ]);
    assert.deepEqual(lines.look([status('shop', { ...up, ready: 2, wanted: 2 })], 2000), [
      'Deployment shop is ready: 2 of 2 pods.',
    ]);
  });

  it('do not wait for ever for what never stays the same', () => {
    const lines = new LiveLines(manners);
    lines.begin([], 0);
    const said = Array.from({ length: 50 }, (_, at) =>
      lines.look([status('shop', { ...going(at, 'more start'), wanted: 50 })], at * 500),
    ).flat();
    assert.ok(said.length >= 4 && said.length <= 10, said.join('\n'));
  });

  it('say nothing twice until something else begins', () => {
    const lines = new LiveLines(manners);
    lines.begin([], 0);
    const flaps = Array.from({ length: 20 }, (_, at) =>
      lines.look([status('shop', going(at % 2, 'it crashes'))], 10_000 + at * 10_000),
    ).flat();
    assert.deepEqual(flaps.length, new Set(flaps).size);
    lines.newChapter();
    const again = [1, 1, 0, 0, 1, 1].flatMap((ready, at) =>
      lines.look([status('shop', going(ready, 'it crashes'))], 400_000 + at * 10_000),
    );
    assert.deepEqual(again, [
      'Deployment shop: 0 of 3 pods ready; it crashes.',
      'Deployment shop: 1 of 3 pods ready; it crashes.',
    ]);
  });

  it('say that it is ready again, also where it was so at the beginning', () => {
    const lines = new LiveLines(manners);
    lines.begin([status('shop', up)], 0);
    const crash = going(2, '1 pod crashes');
    const said = [up, crash, crash, up, up, crash, crash, up].flatMap((health, at) =>
      lines.look([status('shop', health)], 10_000 + at * 10_000),
    );
    assert.deepEqual(said, [
      'Deployment shop: 2 of 3 pods ready; 1 pod crashes.',
      'Deployment shop is ready: 3 of 3 pods.',
    ]);
  });

  it('stay few when 300 objects change at once, again and again, and the rest is counted', () => {
    const lines = new LiveLines(manners);
    const names = Array.from({ length: 300 }, (_, at) => `shop-${at}`);
    lines.begin(
      names.map((name) => status(name, up)),
      0,
    );
    const rounds = Array.from({ length: 60 }, (_, round) =>
      lines.look(
        names.map((name) => status(name, { state: 'failed', why: `for the ${round}. time` })),
        round * 1000,
      ),
    );
    const said = rounds.flat();
    assert.ok(said.length <= usualManners.burst + 60 + 7, String(said.length));
    const counted = said.flatMap((line) => /^and (\d+) more objects changed\.$/.exec(line)?.[1] ?? []);
    assert.ok(counted.length >= 6 && counted.every((count) => Number(count) > 200), counted.join(' '));
    assert.ok(rounds.every((round) => round.length <= usualManners.burst + 1));
  });

  it('leave out what is well and keeps nobody waiting, and tell hooks and what was found late', () => {
    const lines = new LiveLines(manners);
    lines.begin([], 0);
    const optional = { ...done, optional: true } as const;
    const said = [0, 2000].flatMap((at) =>
      lines.look(
        [
          status('nightly', optional),
          status('old', up, { isNew: false }),
          status('db', { ...going(0, 'it is not Ready: SecretSyncedError'), optional: true }),
          status('migrate', optional, { hook: 'pre-upgrade' }),
        ],
        at,
      ),
    );
    assert.deepEqual(said, [
      'Deployment migrate (hook pre-upgrade) is done.',
      'Deployment db: 0 of 3 pods ready; it is not Ready: SecretSyncedError (nothing waits for it).',
    ]);
  });

  it('begin with what is broken already', () => {
    const broken = [status('shop', going(0, '3 pods crash')), status('db', up)];
    assert.deepEqual(new LiveLines(manners).begin(broken, 0), [
      'Before it begins: 1 of 2 objects are ready; Deployment shop 0 of 3 pods (3 pods crash).',
    ]);
  });
});

describe('a summary of a release', () => {
  it('names three that are not ready, what failed first, and new hooks', () => {
    const objects = ['a', 'b', 'c'].map((name) => status(name, going(1, '2 pods start')));
    const failed = status('z', { state: 'failed', why: 'it is degraded' });
    const hook = status('migrate', { ...going(0, 'it runs'), optional: true }, { hook: 'post-upgrade' });
    assert.equal(
      summaryOf([...objects, failed, status('web', up), hook]),
      '1 of 5 objects are ready; Deployment z (it is degraded), Deployment a 1 of 3 pods (2 pods start), ' +
        'Deployment b 1 of 3 pods (2 pods start), and 2 more',
    );
    assert.equal(summaryOf([status('web', up)]), '1 of 1 object is ready');
    assert.equal(summaryOf([]), 'nothing is there yet that is waited for');
  });
});
