import path from 'node:path';
import { startAzure } from '../azure/index.ts';
import { clusterName, startClusterJob, userRole, writerRole } from '../bench/cluster-pipeline.ts';
import { runProgram } from '../bench/run-program.ts';
import type { ProgramId } from '../real/index.ts';
import { realProgram } from '../real/index.ts';
import { startCluster } from '../real/cluster/index.ts';
import { playedFiles } from './played-files.ts';
import type { Scenario } from './scenario.ts';
import { runScenario, type ScenarioEnd } from './scenario-run.ts';

/** A scenario with one helm. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly helm: ProgramId;
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
        const { scenario } = one;
        return await runScenario({
          scenario,
          namespace: namespaceOf(one),
          job: pipeline.job,
          administer,
          azure,
          cluster,
        });
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
