import { startAzure } from '../azure/index.ts';
import { clusterName } from '../bench/cluster-pipeline.ts';
import { deployRunsOn, type DeployRuns, type DeployRunsOptions } from '../bench/deploy-runs.ts';
import { startCluster } from '../real/cluster/index.ts';

/** The same as `startDeployRuns`, on a real control plane whose requests are recorded and can be disturbed. */
export async function startRealDeployRuns(options: DeployRunsOptions = {}): Promise<DeployRuns> {
  const azure = await startAzure(options.azure);
  const cluster = azure.cluster(clusterName, options.cluster);
  const real = await startCluster(azure, cluster, true);
  const runs = deployRunsOn(azure, cluster, options, ({ objectId }) => real.bind(objectId, 'cluster-admin'));
  return {
    ...runs,
    async close() {
      await real.close();
      await runs.close();
    },
  };
}
