import { undisturbedDigest } from '../bench/deploy-runs.ts';
import { runsTogether, type StartRuns } from '../bench/open-runs.ts';
import { seededSample } from '../bench/seeded.ts';
import { fateOf, killAndGoOn } from './harmed-deploy.ts';

const helms = ['helm-3.17', 'helm-4.2'] as const;
const victims = ['helm', 'task', 'both'] as const;

/**
 * Declares what becomes of deployments that are killed at some of their requests, on any cluster. All of them on the small one
 * are test/faults.
 * @param count of requests for each helm and victim
 * @param width how many at once
 */
export function killedDeploys(startRuns: StartRuns, seed: number, count: number, width: number): void {
  let digest = '';
  before(async () => (digest = await undisturbedDigest()));
  const cases = helms.flatMap((helm, index) =>
    victims.flatMap((victim, nth) =>
      seededSample(seed + index * 3 + nth, count, 75).map((at) => ({ helm, victim, at })),
    ),
  );
  runsTogether(
    startRuns,
    Object.fromEntries(
      cases.map((one) => [
        `SIGKILL of ${one.victim} at request ${one.at} (${one.helm}, seed ${seed}): the next run deploys`,
        one,
      ]),
    ),
    async (start, { helm, victim, at }) => {
      const runs = await start({ helm });
      await killAndGoOn(runs, { at, victim, ...fateOf(at) }, 'install', digest);
      await killAndGoOn(runs, { at, victim, ...fateOf(at + 1) }, 'upgrade', digest);
    },
    width,
  );
}
