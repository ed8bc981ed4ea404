import { together } from '../bench/together.ts';
import type { ProgramId } from '../real/index.ts';
import { judge } from './judge.ts';
import { scenarios, type Scenario } from './scenario.ts';
import { startScenarioCluster, type ScenarioCluster, type ScenarioRun } from './scenario-cluster.ts';

/** How many run side by side: most of the time each waits for its cluster. */
const width = 4;

/**
 * For use in a `describe`: a test for each scenario and helm, on one control plane for all.
 * @param helmsOf those that a scenario is run with
 */
export function declareScenarios(helmsOf: (one: Scenario) => readonly ProgramId[]): void {
  // The longest first, so that none of them is left alone at the end.
  const longestFirst = scenarios().sort((a, b) => b.timeoutSeconds - a.timeoutSeconds);
  const runs = longestFirst.flatMap((scenario) =>
    helmsOf(scenario).map((helm): [string, ScenarioRun] => [title(scenario, helm), { scenario, helm }]),
  );
  let cluster: Promise<ScenarioCluster> | undefined;
  before(async function () {
    this.timeout(1_200_000);
    cluster = startScenarioCluster(runs.map(([, run]) => run));
    await cluster;
  });
  after(async () => (await cluster)?.close());
  together(
    Object.fromEntries(runs),
    async (run) => {
      if (cluster === undefined) throw new Error('The cluster was not started.');
      return (await cluster).run(run);
    },
    (end, { scenario }) => judge(scenario, end),
    width,
  );
}

const title = ({ id, title: what }: Scenario, helm: ProgramId): string => `${id}: sees ${what} (${helm})`;
