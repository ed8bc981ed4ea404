/**
 * Runs the scenarios that are named, and shows what the step and the cluster said, the page, and the verdict: for whoever
 * writes one.
 * Names of helms among them (`helm-3.17`) are those that it is run with; the newest if there is none.
 */
import { helms } from '../bench/helms.ts';
import { judge } from './judge.ts';
import { scenarios } from './scenario.ts';
import { startScenarioCluster, type ScenarioRun } from './scenario-cluster.ts';
import type { ScenarioEnd } from './scenario-run.ts';

/** How many run side by side. */
const width = 3;

/** Resolves when all have run. @throws Error when there is no such scenario */
async function tryOut(names: readonly string[]): Promise<void> {
  const named = helms.filter((helm) => names.includes(helm));
  const chosen = scenarios().filter(({ id }) => names.includes(id));
  if (chosen.length + named.length !== names.length || chosen.length === 0)
    throw new Error('Name folders of test/scenarios, and helms.');
  const runs = chosen.flatMap((scenario) =>
    (named.length > 0 ? named : (['helm-4.3'] as const)).map((helm) => ({ scenario, helm })),
  );
  const cluster = await startScenarioCluster(runs);
  const left = runs.values();
  const work = async (): Promise<void> => {
    for (const run of left) console.log(await cluster.run(run).then((end) => verdict(run, end), String));
  };
  try {
    await Promise.all(Array.from({ length: width }, work));
  } finally {
    await cluster.close();
  }
}

function verdict({ scenario, helm }: ScenarioRun, end: ScenarioEnd): string {
  const title = `${scenario.id} (${helm})`;
  try {
    judge(scenario, end);
    return `${end.step.log.join('\n')}\n\n${end.seen}\n\n${end.page}\n${title}: as it should be`;
  } catch (error) {
    return `${end.page}\n${title}: ${String(error)}`;
  }
}

await tryOut(process.argv.slice(2));
