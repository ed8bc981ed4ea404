import { startAzure } from '../azure/index.ts';
import { clusterName } from '../bench/cluster-pipeline.ts';
import { deployRunsOn, type DeployRuns, type DeployRunsOptions } from '../bench/deploy-runs.ts';
import { startCluster } from '../real/cluster/index.ts';

/** The same as `startDeployRuns`, on a real control plane whose requests are looked into on their way. */
export async function startRealDeployRuns(options: DeployRunsOptions = {}): Promise<DeployRuns> {
  const azure = await startAzure(options.azure);
  const cluster = azure.cluster(clusterName, options.cluster);
  const real = await startCluster(azure, cluster);
  azure.lookInto(cluster);
  const runs = deployRunsOn(azure, cluster, options, {
    admit: ({ objectId }) => real.bind(objectId, 'cluster-admin'),
    releasePods: () => real.labelNode('contoso.example/held', 'no'),
  });
  return {
    ...runs,
    async close() {
      await real.close();
      await runs.close();
    },
  };
}
