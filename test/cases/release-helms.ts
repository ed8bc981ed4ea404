import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { seedApp } from '../bench/app-chart.ts';
import { helms } from '../bench/helms.ts';
import { assertGood, failureOf, present, sharedRelease, withHelm, type StartReleases } from '../bench/release-cases.ts';
import type { ProgramId } from '../real/index.ts';
import { refusalOf } from '../bench/refusal.ts';
import type { ReleasePipeline } from '../bench/release-pipeline.ts';

const crossed = 'behaviour=never-ready';
const brokenHook = 'hookBehaviour=failing';
const brokenTest = 'testBehaviour=failing';
/** What is never ready is waited for as long; what becomes ready has as long. */
const short = '10s';

/**
 * Declares how each helm rolls out, fails and goes back.
 * @param thorough the helms that show all of it; the others roll out and no more
 */
export function helmsOfDeploy(start: StartReleases, thorough: readonly ProgramId[]): void {
  let charts: string[] = [];
  const pipeline = sharedRelease(start, {}, async (started) => {
    charts = [await seedApp(started, '1.0.0'), await seedApp(started, '1.1.0')];
  });

  for (const id of helms) {
    const name = id.replace('.', '-');
    const run = async (inputs: Record<string, string>, act: 'deploy' | 'rollback' = 'deploy'): Promise<StepResult> => {
      const chart = act === 'deploy' ? { chart: charts[1] ?? '' } : {};
      return pipeline()[act]({ ...chart, releaseName: name, ...inputs }, await withHelm(id));
    };

    it(`${id} installs, upgrades and tests a release`, async () => {
      assertGood(await run({ chart: charts[0] ?? '' }));
      const upgraded = assertGood(await run({ runTests: 'true', waitForJobs: 'true' }));
      assert.deepEqual(revisionsOf(upgraded), ['2', 'deployed', '1']);
      assert.deepEqual(await statuses(pipeline(), name), ['superseded', 'deployed']);
    });

    if (!thorough.includes(id)) continue;

    it(`${id} goes back from an upgrade that is never ready, and says that the old revision is healthy`, async () => {
      const failed = await run({ setString: crossed, timeout: short });
      assert.match(
        failureOf(failed),
        /: helm upgrade .*; revision 3 is failed\. .*Rolled back to revision 2, which is revision 4 now and healthy\.$/s,
      );
      assert.deepEqual(revisionsOf(failed), ['4', 'deployed', '2']);
      const workload = await pipeline().find('apis/apps/v1', 'deployments', name);
      const { readyReplicas, updatedReplicas } = present(workload)['status'] as Record<string, number>;
      assert.deepEqual([readyReplicas, updatedReplicas], [1, 1]);
    });

    it(`${id} goes back when a test fails, and not where it is to keep what is there`, async () => {
      const failed = await run({ runTests: 'true', setString: brokenTest });
      assert.match(
        failureOf(failed),
        /The tests of the release did not pass: .* Rolled back to revision 4, .* healthy/s,
      );
      assert.deepEqual(revisionsOf(failed), ['6', 'deployed', '4']);
      const kept = await run({ setString: brokenHook, onFailure: 'keep' });
      assert.match(failureOf(kept), /Revision 7 stays as it is \(failed\), since input onFailure is keep\./);
      assert.deepEqual(revisionsOf(kept), ['7', 'failed', '6']);
      const mended = assertGood(await run({}));
      assert.equal(mended.outputs['releaseStatus'], 'deployed');
    });

    it(`${id} rolls back to a revision that is asked for, or to the good one before`, async () => {
      const before = (await pipeline().history(name)).length;
      assert.match(
        refusalOf(await run({ toRevision: '99' }, 'rollback')),
        /toRevision is 99, which helm has no record of/,
      );
      assert.match(refusalOf(await run({ toRevision: '7' }, 'rollback')), /toRevision is 7, which is failed/);
      assert.equal((await pipeline().history(name)).length, before);
      const back = assertGood(await run({ toRevision: '1' }, 'rollback'));
      assert.deepEqual(revisionsOf(back), [String(before + 1), 'deployed', String(before)]);
      const forth = assertGood(await run({}, 'rollback'));
      assert.deepEqual(revisionsOf(forth), [String(before + 2), 'deployed', String(before + 1)]);
      assert.equal(forth.outputs['chartDigest'], (await run({ toRevision: '2' }, 'rollback')).outputs['chartDigest']);
    });

    it(`${id} keeps a first install that failed, and takes it away where it is to`, async () => {
      const [first, gone] = [`${name}-first`, `${name}-gone`];
      const kept = await run({ releaseName: first, setString: brokenHook });
      assert.match(failureOf(kept), /Revision 1 stays as it is \(failed\), since there is no good revision/);
      assert.deepEqual(revisionsOf(kept), ['1', 'failed', '']);
      assert.equal(assertGood(await run({ releaseName: first })).outputs['releaseStatus'], 'deployed');
      const removed = await run({ releaseName: gone, setString: brokenHook, onFailure: 'uninstallFirstInstall' });
      assert.match(failureOf(removed), /The first install was taken away again/);
      assert.deepEqual(revisionsOf(removed), ['', '', '']);
      assert.deepEqual(await pipeline().history(gone), []);
    });

    it(`${id} waits for nothing with wait: false`, async () => {
      const step = assertGood(await run({ releaseName: `${name}-unseen`, setString: crossed, wait: 'false' }));
      assert.deepEqual(revisionsOf(step), ['1', 'deployed', '']);
    });
  }
}

/** Revision, its status, and the one before. */
function revisionsOf({ outputs }: StepResult): (string | undefined)[] {
  return ['releaseRevision', 'releaseStatus', 'previousRevision'].map((name) => outputs[name]);
}

async function statuses({ history }: ReleasePipeline, name: string): Promise<string[]> {
  return (await history(name)).map(({ status }) => status);
}
