import assert from 'node:assert/strict';
import path from 'node:path';
import { startAzure } from '../azure/index.ts';
import type { StepResult } from '../agent/index.ts';
import { clusterName, startClusterJob, userRole, writerRole } from '../bench/cluster-pipeline.ts';
import { runProgram } from '../bench/run-program.ts';
import type { ProgramId } from '../real/index.ts';
import { realProgram } from '../real/index.ts';
import { startCluster } from '../real/cluster/index.ts';
import { playedFiles } from './played-files.ts';
import { filesBelow, type Scenario } from './scenario.ts';
import { writeChart } from './scenario-chart.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/HelmReleaseDeploy');

/** A scenario with one helm. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly helm: ProgramId;
}

/** How a run ended. */
export interface ScenarioEnd {
  readonly step: StepResult;
  /** What the cluster says in the end of the namespace's objects and events, for a person who looks for the reason. */
  readonly seen: string;
}

/** One control plane for many scenarios, each in a namespace of its own. */
export interface ScenarioCluster {
  run(one: ScenarioRun): Promise<ScenarioEnd>;
  close(): Promise<void>;
}

/** @param runs all that may be run there: kwok reads what it plays when it starts */
export async function startScenarioCluster(runs: readonly ScenarioRun[]): Promise<ScenarioCluster> {
  const azure = await startAzure();
  const cluster = azure.cluster(clusterName);
  const played = runs.map((run) => playedFiles({ scenario: run.scenario, namespace: namespaceOf(run) }));
  const real = await startCluster(azure, cluster, true, Object.assign({}, ...played) as Record<string, string>).catch(
    async (error: unknown) => {
      await azure.close();
      throw error;
    },
  );
  const kubectl = await realProgram('kubectl');
  const env = { KUBECONFIG: real.adminKubeconfig, HOME: path.dirname(real.adminKubeconfig) };
  const administer = (args: readonly string[], stdin?: string) => runProgram(kubectl, args, env, stdin);
  return {
    run: async (one) => {
      const programs: ProgramId[] = ['kubelogin', one.helm];
      const pipeline = await startClusterJob(azure, cluster, {
        kind: 'secret',
        roles: [userRole, writerRole],
        programs,
      });
      try {
        await real.bind(pipeline.identity.objectId, one.scenario.role);
        return await runIn(namespaceOf(one), one.scenario, pipeline.job, administer);
      } finally {
        await pipeline.close();
      }
    },
    async close() {
      await real.close();
      await azure.close();
    },
  };
}

/** Each run has its own: the same scenario may run with another helm beside it. */
const namespaceOf = ({ scenario, helm }: ScenarioRun): string => `${scenario.id}-${helm.replaceAll('.', '-')}`;

type Job = Awaited<ReturnType<typeof startClusterJob>>['job'];
type Administer = (args: readonly string[], stdin?: string) => Promise<string>;

async function runIn(namespace: string, scenario: Scenario, job: Job, administer: Administer): Promise<ScenarioEnd> {
  const named = (text: string): string => text.replaceAll('NAMESPACE', namespace);
  const kubectl = async (lines: readonly string[]): Promise<void> => {
    for (const line of lines) await administer([...named(line).split(' '), `--namespace=${namespace}`]);
  };
  await administer(['create', 'namespace', namespace]);
  await kubectl(scenario.prepare);
  for (const text of Object.values(filesBelow(path.join(scenario.folder, 'before'))))
    await apply(named(text), namespace, administer);
  const chart = path.join(job.folders.sources, 'chart');
  writeChart(scenario, chart);
  const common = { azureSubscription: 'contoso-azure', resourceGroup: 'rg-delivery', cluster: clusterName };
  const deploy = (inputs: Readonly<Record<string, string>>) =>
    job.runTask({
      condition: 'always()',
      task,
      inputs: {
        ...common,
        namespace,
        releaseName: 'shop',
        chart,
        onFailure: 'keep',
        timeout: `${scenario.timeoutSeconds}s`,
        ...scenario.inputs,
        ...inputs,
      },
    });
  if (scenario.first !== undefined) {
    const { values, result = 'Succeeded' } = scenario.first;
    const first = await deploy({ values: JSON.stringify(values) });
    assert.equal(first.result, result, `${scenario.id}, the first deployment:\n${first.log.join('\n')}`);
  }
  await kubectl(scenario.between);
  return { step: await deploy({}), seen: await seenIn(namespace, administer) };
}

/** A kind is known a moment after its definition, so what fails is tried again for a while. */
async function apply(text: string, namespace: string, administer: Administer): Promise<void> {
  const args = ['apply', '--server-side', `--namespace=${namespace}`, '--filename=-'];
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const done = await administer(args, text).catch((error: unknown) => error as Error);
    if (typeof done === 'string') return;
    if (!/no matches for kind|not found/.test(done.message)) throw done;
  }
  await administer(args, text);
}

async function seenIn(namespace: string, administer: Administer): Promise<string> {
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
