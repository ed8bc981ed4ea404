import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Job, StepResult } from '../agent/index.ts';
import type { Azure, Cluster } from '../azure/index.ts';
import { clusterName } from '../bench/cluster-pipeline.ts';
import { filesBelow, type Scenario } from './scenario.ts';
import { writeChart } from './scenario-chart.ts';
import { StagedCluster } from './staging.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/HelmReleaseDeploy');

/** Where a scenario is run, and with what. */
export interface RunPlace {
  readonly scenario: Scenario;
  /** Its own on the cluster. */
  readonly namespace: string;
  readonly job: Job;
  /** Runs kubectl as administrator. */
  readonly administer: (args: readonly string[], stdin?: string) => Promise<string>;
  readonly azure: Azure;
  readonly cluster: Cluster;
}

/** How a run ended. */
export interface ScenarioEnd {
  readonly step: StepResult;
  /** The causes of the diagnosis that the step leaves for machines, the first one first; none where it leaves none. */
  readonly causes: readonly string[];
  /** Its page in the run's summary; empty where there is none. */
  readonly page: string;
  /** What the cluster says in the end of the namespace's objects and events, for a person who looks for the reason. */
  readonly seen: string;
}

/** Runs a scenario to its end. @throws Error when what comes before it did not go as it says */
export async function runScenario(place: RunPlace): Promise<ScenarioEnd> {
  const { scenario, namespace, administer } = place;
  const kubectl = (line: string, stdin?: string): Promise<string> =>
    administer([...line.replaceAll('NAMESPACE', namespace).split(' '), `--namespace=${namespace}`], stdin);
  const staged = await StagedCluster.open(scenario, { ...place, folder: scenario.folder, kubectl });
  try {
    await kubectl('create namespace NAMESPACE');
    for (const line of scenario.prepare) await kubectl(line);
    await staged.record();
    const before = Object.values(filesBelow(path.join(scenario.folder, 'before')));
    for (const text of before) await apply(staged.worded(text), kubectl);
    for (const text of Object.values(filesBelow(path.join(scenario.folder, 'denied'))))
      await untilDenied(text, kubectl);
    const step = await deployed(place, staged, kubectl);
    const page = place.job.record.summaries.at(-1) ?? '';
    return { step, causes: causesIn(step), page, seen: await seenIn(namespace, administer) };
  } finally {
    await staged.close();
  }
}

/** The file goes with the job. */
function causesIn({ outputs: { diagnosisFile = '' } }: StepResult): string[] {
  if (diagnosisFile === '') return [];
  const { findings } = JSON.parse(readFileSync(diagnosisFile, 'utf8')) as { findings: { cause: string }[] };
  return findings.map(({ cause }) => cause);
}

type Kubectl = (line: string, stdin?: string) => Promise<string>;

async function deployed(place: RunPlace, staged: StagedCluster, kubectl: Kubectl): Promise<StepResult> {
  const { scenario } = place;
  const deploy = deployer(place);
  if (scenario.first !== undefined) {
    const { values, result = 'Succeeded', timeoutSeconds = scenario.timeoutSeconds } = scenario.first;
    const first = await deploy({ values: JSON.stringify(values), timeout: `${timeoutSeconds}s` });
    assert.equal(first.result, result, `${scenario.id}, the first deployment:\n${first.log.join('\n')}`);
  }
  for (const line of scenario.between) await kubectl(line);
  const calm = staged.disturb();
  return deploy({}).finally(calm);
}

function deployer({ scenario, namespace, job }: RunPlace) {
  const chart = path.join(job.folders.sources, 'chart');
  writeChart(scenario, chart);
  const where = { azureSubscription: 'contoso-azure', resourceGroup: 'rg-delivery', cluster: clusterName };
  const release = { namespace, releaseName: 'shop', chart };
  const common = { ...where, ...release, onFailure: 'keep', timeout: `${scenario.timeoutSeconds}s` };
  return (inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
    job.runTask({ condition: 'always()', task, inputs: { ...common, ...scenario.inputs, ...inputs } });
}

/** A kind is known a moment after its definition, so what fails is tried again for a while. */
async function apply(text: string, kubectl: Kubectl): Promise<void> {
  const line = 'apply --server-side --filename=-';
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const done = await kubectl(line, text).catch((error: unknown) => error as Error);
    if (typeof done === 'string') return;
    if (!/no matches for kind|not found/.test(done.message)) throw done;
  }
  await kubectl(line, text);
}

/**
 * An API server looks at its admission policies once a second (kubernetes, apiserver, pkg/admission/plugin/policy), so what
 * it will deny is tried until it does. The test's own limit ends that.
 */
async function untilDenied(text: string, kubectl: Kubectl): Promise<void> {
  for (;;) {
    const done = await kubectl('create --dry-run=server --filename=-', text).catch((error: unknown) => error as Error);
    if (typeof done !== 'string' && /denied/.test(done.message)) return;
    if (typeof done !== 'string') throw done;
  }
}

async function seenIn(namespace: string, administer: RunPlace['administer']): Promise<string> {
  const where = `--namespace=${namespace}`;
  const pods = '--output=jsonpath={range .items[*]}{.metadata.name} {.status}{"\\n"}{end}';
  const asked = [
    ['get', 'pods', where, pods],
    ['get', 'events', where, '--sort-by=.lastTimestamp'],
    ['logs', where, '--selector=app=shop', '--all-containers', '--prefix', '--previous'],
  ];
  const answers = asked.map((args) => administer(args).catch((error: unknown) => String(error)));
  return (await Promise.all(answers)).join('\n');
}
