/**
 * Runs the scenarios that are named, with the newest helm, and shows what the step and the cluster said, and the verdict:
 * for whoever writes one.
 */
import { judge } from './judge.ts';
import { scenarios } from './scenario.ts';
import { startScenarioCluster, type ScenarioRun } from './scenario-cluster.ts';
import type { ScenarioEnd } from './scenario-run.ts';

/** Resolves when all have run. @throws Error when there is no such scenario */
async function tryOut(ids: readonly string[]): Promise<void> {
  const chosen = scenarios().filter(({ id }) => ids.includes(id));
  if (chosen.length !== ids.length || ids.length === 0) throw new Error('Name folders of test/scenarios.');
  const cluster = await startScenarioCluster(chosen.map((scenario) => ({ scenario, helm: 'helm-4.3' })));
  try {
    await Promise.all(
      chosen.map(async (scenario) => {
        const run: ScenarioRun = { scenario, helm: 'helm-4.3' };
        console.log(verdict(run, await cluster.run(run)));
      }),
    );
  } finally {
    await cluster.close();
  }
}

function verdict({ scenario }: ScenarioRun, end: ScenarioEnd): string {
  try {
    judge(scenario, end);
    return `${end.step.log.join('\n')}\n\n${end.seen}\n${scenario.id}: as it should be`;
  } catch (error) {
    return `${scenario.id}: ${String(error)}`;
  }
}

await tryOut(process.argv.slice(2));
