import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Release } from '../../../tasks/common/rollout/release.ts';
import { rollOutBench } from './roll-out-bench.ts';

describe('a helm that is at work for long', () => {
  it('shows that it is, until it has ended', async () => {
    const { tools, log } = rollOutBench();
    const isTold = (): boolean => log.some((line) => /^info: helm upgrade has been at work for \d+ s\.$/.test(line));
    const release = new Release(
      { name: 'shop', namespace: 'web' },
      { ...tools, waits: { again: [], look: 1, beat: 1 } },
    );
    const start = async () => {
      while (!isTold()) await turn();
      return { exitCode: 0, signal: null, said: '' };
    };
    await release.run({ action: 'upgrade', history: [], start });
    const told = log.length;
    for (let turns = 0; turns < 50; turns += 1) await turn();
    assert.equal(log.length, told);
  });

  it('leaves that to who tells more', async () => {
    const { tools, log } = rollOutBench();
    const asked: true[] = [];
    const isTold = (): boolean => asked.push(true) > 0;
    const waits = { again: [], look: 1, beat: 1 };
    const release = new Release({ name: 'shop', namespace: 'web' }, { ...tools, isTold, waits });
    const start = async () => {
      while (asked.length < 3) await turn();
      return { exitCode: 0, signal: null, said: '' };
    };
    await release.run({ action: 'upgrade', history: [], start });
    assert.deepEqual(log, []);
  });
});
