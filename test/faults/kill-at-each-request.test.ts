import assert from 'node:assert/strict';
import { startDeployRuns, type DeployRuns } from '../bench/deploy-runs.ts';
import { together } from '../bench/together.ts';
import { assertWentOn, killAndGoOn, type Harm, type Harmed } from '../cases/harmed-deploy.ts';
import type { ProgramId } from '../real/index.ts';

/** More than a roll-out makes, which is looked at, too. */
const requests = Array.from({ length: 75 }, (_, index) => index + 1);

interface Case {
  readonly helm: ProgramId;
  readonly harm: Harm;
}

/** What becomes of the request at which it dies: it takes effect, or never arrives, or is refused. */
const fates = [undefined, 'reset', undefined, 'lostAnswer'] as const;

for (const helm of ['helm-3.17', 'helm-4.2'] as const) {
  for (const victim of ['helm', 'task', 'both'] as const) {
    describe(`SIGKILL of ${victim} at each request (${helm})`, () => {
      const cases = requests.map((at) => [`request ${at}`, { helm, harm: { at, victim, request: fates[at % 4] } }]);
      let harmedTwice = 0;
      together<Case, Outcome>(
        Object.fromEntries(cases) as Record<string, Case>,
        installAndUpgrade,
        async ({ runs, harmed, digest }, { harm }) => {
          try {
            for (const one of harmed) await assertWentOn(runs, one, digest);
            if (harmed.every(({ isHarmed }) => isHarmed)) harmedTwice += 1;
            if (harm.at === requests.length) assert.ok(harmed.every(({ isHarmed }) => !isHarmed), 'there are more requests');
          } finally {
            await runs.close();
          }
        },
        8,
      );
      after(() => assert.ok(harmedTwice > 30, `only ${harmedTwice} cases harmed anybody`));
    });
  }
}

interface Outcome {
  readonly runs: DeployRuns;
  readonly harmed: readonly Harmed[];
  readonly digest: string;
}

/** Kills a first install, which the next run makes good, and then the upgrade of that. */
async function installAndUpgrade({ helm, harm }: Case): Promise<Outcome> {
  const runs = await startDeployRuns({ helm });
  const harmed = [await killAndGoOn(runs, harm, 'install'), await killAndGoOn(runs, harm, 'upgrade')];
  return { runs, harmed, digest: harmed[0]?.next.step.outputs['chartDigest'] ?? '' };
}
