import assert from 'node:assert/strict';
import { failingContainers } from '../../../tasks/common/doctor/failing-containers.ts';
import { viewOf } from '../health/played-view.ts';

const ended = (exitCode: number) => ({ terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' } });
const waits = { waiting: { reason: 'CrashLoopBackOff' } };

/** What is read of a bare pod's container with this status. */
function failing(status: Readonly<Record<string, unknown>>): string[] {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shop', namespace: 'shop', uid: 'shop' },
    status: { containerStatuses: [{ name: 'web', ready: false, restartCount: 2, ...status }] },
  };
  return failingContainers(viewOf({ objects: [pod] })).map(
    ({ container, exit, isPrevious }) => `${container} ${exit ?? 'runs'}${isPrevious ? ', before' : ''}`,
  );
}

describe('the containers whose logs are read', () => {
  const cases: Record<string, [Readonly<Record<string, unknown>>, string[]]> = {
    'ended badly': [{ state: ended(3) }, ['web exit code 3']],
    'ended badly and wait for the next start': [{ state: waits, lastState: ended(1) }, ['web exit code 1, before']],
    'ended well, but are started again and again': [{ state: waits, lastState: ended(0) }, ['web exit code 0, before']],
    'run without being ready': [{ state: { running: {} }, started: true }, ['web runs']],
    'no others: one that ended well for good': [{ state: ended(0) }, []],
    'no others: one that recovered': [{ state: { running: {} }, started: true, ready: true, lastState: ended(1) }, []],
    'no others: one that never started': [{ state: { waiting: { reason: 'ContainerCreating' } } }, []],
  };
  for (const [title, [status, expected]] of Object.entries(cases)) {
    it(title, () => assert.deepEqual(failing(status), expected));
  }
});
