import assert from 'node:assert/strict';
import { ContainerLogs } from '../../../tasks/common/doctor/container-logs.ts';
import { usualManners } from '../../../tasks/common/doctor/live-lines.ts';
import { Narrator } from '../../../tasks/common/doctor/narrator.ts';
import { Rounds } from '../../../tasks/common/doctor/rounds.ts';
import { PlayedWatch } from './played-watch.ts';

describe('the rounds of looks at a release', () => {
  const clock = Date.now;
  afterEach(() => {
    Date.now = clock;
  });

  it('go on where the clock of the machine is set back', () => {
    const played = new PlayedWatch();
    const log = { info: () => undefined, warning: () => undefined };
    const rounds = new Rounds({
      watch: played.watch,
      logs: new ContainerLogs(played.watch, 0),
      narrator: new Narrator(log),
      manners: usualManners,
      tickMs: 3_600_000,
      begunAt: Date.now(),
    });
    let looks = 0;
    const stop = rounds.start(
      () => (looks += 1),
      (error) => assert.fail(String(error)),
    );

    played.show({});
    assert.equal(looks, 1);
    Date.now = () => clock() - 3_600_000;
    played.show({});
    stop();

    assert.equal(looks, 2);
  });
});
