import assert from 'node:assert/strict';
import { atMost, eachInParallel, SomeFailed } from '../../../tasks/common/task/parallel.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work on many items', () => {
  it('gives the results in the order of the items, with so many at a time', async () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    let running = 0;
    let most = 0;

    const results = await eachInParallel(items, 4, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turns = 50 - item; turns > 0; turns--) await pause();
      running -= 1;
      return item * 2;
    });

    assert.deepEqual(
      results,
      items.map((item) => item * 2),
    );
    assert.equal(most, 4);
    assert.deepEqual(await eachInParallel([], 4, async () => 1), []);
  });

  it('starts nothing new after a failure, ends what is under way, and gives each reason once', async () => {
    const started: number[] = [];
    const work = eachInParallel([0, 1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      started.push(item);
      await pause();
      if (item === 1) throw new TaskError('The registry is closed.');
      await pause();
      if (item === 2) throw new Error('The registry is closed.');
      return item;
    });

    await assert.rejects(work, (error) => {
      assert.ok(error instanceof SomeFailed);
      assert.equal(error.message, 'The registry is closed.');
      assert.equal(error.done, 1);
      return true;
    });
    assert.deepEqual(started, [0, 1, 2]);
  });

  it('gives the failure of a single item as it is', async () => {
    const failure = new TaskError('Alone.');

    await assert.rejects(
      eachInParallel(['one'], 4, () => Promise.reject(failure)),
      (error) => error === failure,
    );
  });
});

describe('the same work for many', () => {
  it('is under way a few times at once, in the order of the calls, and a failure frees its place', async () => {
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    const work = atMost(3, async (item: number) => {
      begun.push(item);
      most = Math.max(most, (running += 1));
      await pause();
      running -= 1;
      if (item % 2 === 0) throw new Error(`no ${item}`);
      return item;
    });
    const results = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((item) => work(item)));
    assert.equal(most, 3);
    assert.deepEqual(begun, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
      [1, 'Error: no 2', 3, 'Error: no 4', 5, 'Error: no 6', 7],
    );
  });
});
