import { undisturbedDigest } from '../bench/deploy-runs.ts';
import { openRuns, type StartRuns } from '../bench/open-runs.ts';
import { seededSample } from '../bench/seeded.ts';
import { fateOf, killAndGoOn } from './harmed-deploy.ts';

/**
 * Declares what becomes of deployments that are killed at some of their requests, on any cluster. All of them on the small one
 * are test/faults.
 * @param count of requests for each helm and victim
 */
export function killedDeploys(startRuns: StartRuns, seed: number, count: number): void {
  const start = openRuns(startRuns);
  let digest = '';
  before(async () => (digest = await undisturbedDigest()));

  for (const [index, helm] of (['helm-3.17', 'helm-4.2'] as const).entries()) {
    for (const [nth, victim] of (['helm', 'task', 'both'] as const).entries()) {
      for (const at of seededSample(seed + index * 3 + nth, count, 55)) {
        it(`SIGKILL of ${victim} at request ${at} (${helm}, seed ${seed}): the next run deploys`, async () => {
          const runs = await start({ helm });
          await killAndGoOn(runs, { at, victim, ...fateOf(at) }, 'install', digest);
          await killAndGoOn(runs, { at, victim, ...fateOf(at + 1) }, 'upgrade', digest);
        });
      }
    }
  }
}
