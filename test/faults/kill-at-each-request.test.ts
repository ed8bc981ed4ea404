import assert from 'node:assert/strict';
import { startDeployRuns, undisturbedDigest } from '../bench/deploy-runs.ts';
import { together } from '../bench/together.ts';
import { fateOf, type Harm, killAndGoOn } from '../cases/harmed-deploy.ts';
import type { ProgramId } from '../real/index.ts';

/** More than a roll-out makes, which is looked at, too. */
const requests = Array.from({ length: 100 }, (_, index) => index + 1);

describe('SIGKILL at each request: the next run deploys', () => {
  let digest = '';
  before(async () => (digest = await undisturbedDigest()));

  for (const helm of ['helm-3.17', 'helm-4.2'] as const) {
    for (const victim of ['helm', 'task', 'both'] as const) {
      describe(`${victim} (${helm})`, () => {
        let harmedTwice = 0;
        together(
          Object.fromEntries(requests.map((at) => [`request ${at}`, { at, victim, ...fateOf(at) }])),
          (harm) => installAndUpgrade(helm, harm, digest),
          (harmed, { at }) => {
            if (harmed === 2) harmedTwice += 1;
            if (at === requests.length) assert.equal(harmed, 0, 'there are more requests');
          },
          8,
        );
        after(() => assert.ok(harmedTwice > 30, `only ${harmedTwice} cases harmed anybody`));
      });
    }
  }
});

/** Kills a first install, which the next run makes good, and then the upgrade of that. Gives how many were killed. */
async function installAndUpgrade(helm: ProgramId, harm: Harm, digest: string): Promise<number> {
  const runs = await startDeployRuns({ helm });
  try {
    for (const [harmed, name] of ['install', 'upgrade'].entries()) {
      if (!(await killAndGoOn(runs, harm, name, digest)).isHarmed) return harmed;
    }
    return 2;
  } finally {
    await runs.close();
  }
}
