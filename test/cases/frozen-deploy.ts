import assert from 'node:assert/strict';
import { runsTogether, type StartRuns } from '../bench/open-runs.ts';
import { assertDeployed, isInWait, shownRequest, values, writesOf } from './harmed-deploy.ts';

interface Frozen {
  readonly helm: 'helm-3.17' | 'helm-4.2';
  readonly victim: 'task' | 'both';
}

/**
 * Declares what becomes of a step that stood still for longer than its Lease is valid, on any cluster.
 * @param width how many at once
 */
export function frozenDeploys(startRuns: StartRuns, width: number): void {
  const cases = (['helm-3.17', 'helm-4.2'] as const).flatMap((helm) =>
    (['task', 'both'] as const).map((victim): [string, Frozen] => [
      `${victim} stopped (${helm}): another run takes over, and the old one writes nothing when it goes on`,
      { helm, victim },
    ]),
  );
  runsTogether(startRuns, Object.fromEntries(cases), stopAndGoOn, width);
}

async function stopAndGoOn(start: StartRuns, { helm, victim }: Frozen): Promise<void> {
  const runs = await start({ helm });
  const first = await runs.run();
  const { chartDigest = '' } = (await first.deploy(values('first'))).outputs;
  const old = await runs.run();
  const waits = runs.arrival(isInWait);
  const step = old.start({ values: 'text: old\nisHeld: true' });
  await waits;
  assert.ok(step.signal(victim, 'SIGSTOP'));
  const next = await runs.run();
  const takenOver = runs.arrival(({ method, path }) => method === 'POST' && path.endsWith('/secrets'));
  const nextStep = next.start(values('next'));
  await takenOver;
  // In the middle of the other's work.
  const wokenAt = performance.now();
  step.signal(victim, 'SIGCONT');
  const [ended, deployed] = await Promise.all([step.ended, nextStep.ended]);
  const log = ended.log.join('\n');
  assert.equal(deployed.result, 'Succeeded', `${log}\n--- next\n${deployed.log.join('\n')}`);
  await assertDeployed(runs, { step: deployed, text: 'next' }, chartDigest);
  const late = writesOf(old).filter(({ begun }) => begun > wokenAt);
  assert.deepEqual(late.map(shownRequest), [], log);
  assert.equal(ended.result, 'Failed', log);
  assert.match(
    ended.issues.map(({ message }) => message).join('\n'),
    /Lease.*buildId=8003\S* has taken it over meanwhile/,
    log,
  );
  assert.ok(!ended.leftProcesses, log);
}
